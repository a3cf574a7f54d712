using Relay.Server.ObjectStore.Client;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>What to do with the timestamp of a bucket.</summary>
internal enum TimestampStep
{
    Create,

    Replace,

    /// <summary>It is the relay's own.</summary>
    Keep,

    /// <summary>It is a later one that nodes believe: this relay is not the newest state of its repository.</summary>
    Refuse,
}

/// <summary>A timestamp is never replaced by an earlier one.</summary>
internal static class TimestampRule
{
    /// <param name="root">The newest root that the relay has.</param>
    public static TimestampStep Decide(byte[] own, long ownVersion, ObjectContent? stored, byte[] root, DateTimeOffset now)
    {
        if (stored is null)
        {
            return TimestampStep.Create;
        }

        if (stored.Content.AsSpan().SequenceEqual(own))
        {
            return TimestampStep.Keep;
        }

        bool isEarlier = UntrustedMetadata.Read(stored.Content).Value?.Metadata is TimestampMetadata timestamp && timestamp.Version < ownVersion;

        // What someone else put there is no bound: no node believes it, and one with a high number would stop the copy without end.
        return isEarlier || !IsSigned(stored.Content, root, now) ? TimestampStep.Replace : TimestampStep.Refuse;
    }

    private static bool IsSigned(byte[] timestamp, byte[] root, DateTimeOffset now) =>
        TrustedMetadata.Create(root, now, ExpiryRule.ReportedOnly).ValueOrThrow().LoadTimestamp(timestamp) is null;
}
