using Shared.Contracts.Releases;

namespace Shared.Contracts;

/// <summary>Why something was refused, as a value: a verdict is expected, not exceptional.</summary>
/// <param name="Subject">The file, role or model that was refused.</param>
/// <param name="Detail">One line for people; never parsed.</param>
public sealed record Refusal(RefusalReason Reason, string Subject, string Detail);

/// <summary>All reasons for which a node refuses; the names are stable and travel in check-ins.</summary>
public enum RefusalReason
{
    // Metadata (TUF)
    MetadataMalformed,
    MetadataTooLarge,
    MetadataWrongType,
    MetadataSignature,
    MetadataRollback,
    MetadataVersionMismatch,
    MetadataHashMismatch,
    MetadataExpired,
    MetadataMissing,
    TooManyRootRotations,

    // What the metadata says
    UnlistedTarget,
    ReleaseMalformed,
    ReleaseBelowMinimum,
    ArtifactRevoked,

    // Files that it names
    ArtifactTooLarge,
    ArtifactLengthMismatch,
    ArtifactHashMismatch,
    SignatureFileMismatch,
    CmsMalformed,
    CmsSignature,
    CmsUntrustedSigner,
    CmsTimestamp,

    // Transport
    TransportUnavailable,
    TransportTooSlow,
    TransportForbiddenRedirect,

    /// <summary>A bundle is not of the form that <see cref="BundleFormat"/> describes.</summary>
    BundleMalformed,

    // Try-out
    OnnxMalformed,
    OnnxForbidden,
    SchemaMismatch,
    ScorerUnavailable,
    GoldenVectorMismatch,
    TryOutTooSlow,
    TryOutTooLarge,

    /// <summary>Beside the version that answers, on real calls, it gave other answers more often than the node allows.</summary>
    ShadowDisagreement,
}
