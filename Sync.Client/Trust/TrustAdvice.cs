using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Sync.Client.Trust;

/// <summary>Adds to a refusal of metadata what most likely causes it, and what to do.</summary>
internal static class TrustAdvice
{
    /// <param name="trustedRoot">Path of the root that the node started from.</param>
    public static Refusal AddTo(Refusal refusal, string trustedRoot) => refusal.Reason switch
    {
        RefusalReason.MetadataSignature when refusal.Subject is RoleNames.Root or RoleNames.Timestamp or RoleNames.Snapshot => refusal with
        {
            Detail = $"{refusal.Detail}: '{trustedRoot}' is the root.json of another relay, or the metadata were altered; compare the file " +
                "with that of the relay's operator",
        },
        RefusalReason.MetadataExpired => refusal with
        {
            Detail = $"{refusal.Detail} by the clock of this node: set the clock if it is wrong; else the relay has not signed again, and its " +
                "operator runs 'relay doctor'",
        },
        _ => refusal,
    };
}
