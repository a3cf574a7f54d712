using Shared.Contracts;

namespace Sync.Client.Reports;

/// <summary>How far an update gets before a reason can refuse it: an update that ends early says nothing about what comes later.</summary>
internal static class UpdateStage
{
    public static int For(RefusalReason reason) => reason switch
    {
        RefusalReason.StoreInUse or RefusalReason.StoreReadOnly or RefusalReason.StoreFull or RefusalReason.StoreUnavailable
            or RefusalReason.StoreDamaged or RefusalReason.UnexpectedError => 0,
        RefusalReason.TrustedRootInvalid => 1,
        RefusalReason.TransportUnavailable or RefusalReason.TransportTooSlow or RefusalReason.TransportForbiddenRedirect
            or RefusalReason.BundleMalformed => 2,
        RefusalReason.EnrollmentRefused or RefusalReason.NodeKeyRefused or RefusalReason.NodeBanned => 3,
        <= RefusalReason.TooManyRootRotations or RefusalReason.MetadataSchemeUnsupported or RefusalReason.MetadataExpiryTooFar => 4,
        <= RefusalReason.ArtifactRevoked => 5,
        <= RefusalReason.CmsTimestamp => 6,
        RefusalReason.CheckInRefused or RefusalReason.SamplesRefused => 8,
        _ => 7,
    };

    /// <summary>True for what is wrong with this node's machine or installation, and not with a relay or a release.</summary>
    public static bool IsLocal(RefusalReason reason) => For(reason) <= 1;
}
