using Relay.Server.ObjectStore.Client;
using Relay.Server.Repository;
using Shared.Contracts.Tuf;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>What a bucket lacks, and what is to be looked at in it: values in, values out.</summary>
/// <param name="Missing">In the order in which they are written: the first root, which claims the bucket, then targets, metadata, and the other
/// roots, which change what nodes trust.</param>
/// <param name="Unread">Objects whose bytes were never compared, or changed since.</param>
/// <param name="Different">Objects of another length than their files.</param>
/// <param name="Verified">Objects that were compared and have not changed since.</param>
/// <param name="Surplus">Objects with names of a repository that the folder does not have.</param>
internal sealed record CopyPlan(
    IReadOnlyList<string> Missing, IReadOnlyList<string> Unread, IReadOnlyList<string> Different, IReadOnlyList<string> Verified,
    IReadOnlyList<string> Surplus)
{
    public const string FirstRoot = $"{RepositoryFiles.MetadataFolder}/1.{RoleNames.Root}.json";

    /// <param name="local">The files and their lengths.</param>
    /// <param name="stored">What the store lists.</param>
    /// <param name="known">The objects that were compared.</param>
    public static CopyPlan Create(
        IReadOnlyDictionary<string, long> local, IReadOnlyCollection<BucketObject> stored, IReadOnlyDictionary<string, VerifiedObject> known)
    {
        Dictionary<string, BucketObject> byKey = stored.ToDictionary(one => one.Key, StringComparer.Ordinal);
        ILookup<ObjectState, string> states = local.ToLookup(
            file => StateOf(file.Value, byKey.GetValueOrDefault(file.Key), known.GetValueOrDefault(file.Key)), file => file.Key,
            EqualityComparer<ObjectState>.Default);
        return new(
            [.. states[ObjectState.Missing].OrderBy(Order).ThenBy(RootVersion).ThenBy(path => path, StringComparer.Ordinal)],
            [.. states[ObjectState.Unread].Order(StringComparer.Ordinal)],
            [.. states[ObjectState.Different].Order(StringComparer.Ordinal)],
            [.. states[ObjectState.Verified].Order(StringComparer.Ordinal)],
            [.. byKey.Keys.Where(key => !local.ContainsKey(key) && PublishedNames.IsImmutable(key)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The version of a root by its path; 0 for every other file.</summary>
    public static long RootVersion(string path) =>
        path.Split('/', '.') is [RepositoryFiles.MetadataFolder, var number, RoleNames.Root, "json"] && long.TryParse(number, out long version)
            ? version
            : 0;

    private static int Order(string path) =>
        path == FirstRoot ? 0
        : path.StartsWith(RepositoryFiles.TargetsFolder, StringComparison.Ordinal) ? 1
        : RootVersion(path) == 0 ? 2
        : 3;

    private static ObjectState StateOf(long length, BucketObject? stored, VerifiedObject? known) =>
        stored is null ? ObjectState.Missing
        : stored.Length != length ? ObjectState.Different
        : known is not null && known.EntityTag == stored.EntityTag && known.Length == length ? ObjectState.Verified
        : ObjectState.Unread;

    private enum ObjectState
    {
        Missing,
        Unread,
        Different,
        Verified,
    }
}
