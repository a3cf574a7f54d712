using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Releases;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Pruning;

/// <summary>When channels named each release last, and in which order: what the metadata do not tell.</summary>
/// <param name="NamedAt">By release.</param>
/// <param name="Channels">The releases that each channel named, the last one first.</param>
internal sealed record NamedReleases(IReadOnlyDictionary<int, DateTimeOffset> NamedAt, IReadOnlyDictionary<string, int[]> Channels)
{
    public static NamedReleases None { get; } = new(new Dictionary<int, DateTimeOffset>(), new Dictionary<string, int[]>());

    /// <summary>What is known once a change is current. A release of which nothing is known counts as named now, and so does one that was named at
    /// a time in the future, by a wrong clock: its time starts again.</summary>
    public NamedReleases After(RepositoryChange change, DateTimeOffset now)
    {
        IReadOnlyDictionary<string, ChannelManifest> before = change.Snapshot?.Channels ?? new Dictionary<string, ChannelManifest>();
        IReadOnlyDictionary<string, ChannelManifest> after = change.ChannelsAfter;
        HashSet<int> named = [.. before.Values.Concat(after.Values).SelectMany(ReleasesOf)];
        return new(
            ListedIn(change).ToDictionary(
                release => release,
                release => !named.Contains(release) && NamedAt.TryGetValue(release, out DateTimeOffset at) && at <= now ? at : now),
            after.ToDictionary(
                channel => channel.Key,
                channel => Order(channel.Value.Release, before.GetValueOrDefault(channel.Key)?.Release, Channels.GetValueOrDefault(channel.Key)),
                StringComparer.Ordinal));
    }

    // Before or after it: where a crash keeps it from becoming current, what it takes out is still listed, and its time must not start again.
    private static IEnumerable<int> ListedIn(RepositoryChange change) => change.TargetsAfter.Concat(change.Snapshot?.Targets.Files.Values ?? [])
        .Select(file => TargetPaths.ReleaseNumberOf(file.Path)).OfType<int>().Distinct();

    public static IEnumerable<int> ReleasesOf(ChannelManifest channel) =>
        channel.Candidate is { } candidate ? [channel.Release, candidate.Release] : [channel.Release];

    private static int[] Order(int next, int? present, int[]? earlier) =>
        [.. new[] { next, present ?? next }.Concat(earlier ?? []).Distinct().Take(PruningRules.MaximumReleases)];
}

/// <summary>Keeps <see cref="NamedReleases"/> in a file of the repository, which backups have. Where it is lost, all times start again, and
/// nothing is removed early.</summary>
internal sealed class NamedReleasesFile(string folder, DurableFiles files)
{
    private readonly string _path = Path.Combine(folder, "named.json");

    public NamedReleases Read()
    {
        try
        {
            return File.Exists(_path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), NamedReleasesJson.Default.NamedReleases) ?? NamedReleases.None
                : NamedReleases.None;
        }
        catch (JsonException)
        {
            return NamedReleases.None;
        }
    }

    public void Write(NamedReleases named)
    {
        string staging = Path.Combine(folder, RepositoryFiles.StagingFolder);
        files.CreateFolder(staging);
        string staged = Path.Combine(staging, "named.tmp");
        files.Write(staged, JsonSerializer.SerializeToUtf8Bytes(named, NamedReleasesJson.Default.NamedReleases));
        files.Rename(staged, _path);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NamedReleases))]
internal sealed partial class NamedReleasesJson : JsonSerializerContext;
