using System.Globalization;
using Relay.Server.Keys;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Explaining;

/// <summary>The chain of metadata, role by role: its keys, its threshold, the current version and its expiry.</summary>
internal static class MetadataSteps
{
    private const int ShortId = 8;

    public static IEnumerable<ExplanationStep> Describe(RepositoryContents contents, bool rootIsPinned)
    {
        TrustedMetadata trusted = contents.Trusted;
        DateTimeOffset now = trusted.ReferenceTime;
        yield return new(true, "anchor", rootIsPinned
            ? "the root that was given by --root; every later one is signed by its predecessor and by itself"
            : "the repository's own first root, since none was given by --root: a node pins its own copy");
        yield return Step(RoleNames.Root, trusted.Root, trusted.Root.Roles[RoleNames.Root], now);
        yield return Step(RoleNames.Timestamp, trusted.Timestamp!, trusted.Root.Roles[RoleNames.Timestamp], now);
        yield return Step(RoleNames.Snapshot, trusted.Snapshot!, trusted.Root.Roles[RoleNames.Snapshot], now);
        yield return Step(RoleNames.Targets, trusted.Targets!, trusted.Root.Roles[RoleNames.Targets], now);
        foreach (DelegatedRole role in trusted.Targets!.Delegations?.Roles ?? [])
        {
            if (trusted.Held(role.Name) is { } delegated)
            {
                yield return Step(role.Name, delegated, role.Keys, now);
            }
        }
    }

    private static ExplanationStep Step(string role, RoleMetadata metadata, RoleKeys keys, DateTimeOffset now)
    {
        TimeSpan left = metadata.Expires - now;
        string expiry = string.Create(
            CultureInfo.InvariantCulture, $"{(left > TimeSpan.Zero ? "until" : "EXPIRED at")} {metadata.Expires:yyyy-MM-dd HH:mm}Z");
        return new(
            left > TimeSpan.Zero, role,
            $"version {metadata.Version}, signed by {keys.Threshold} of {keys.KeyIds.Count} keys " +
                $"({string.Join(", ", keys.KeyIds.Select(id => KeyIds.Shorten(id, ShortId)))}), {expiry}");
    }
}
