using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Relay.Server.Releases;

/// <summary>What a pending publication changes for nodes, in versions and figures and not in numbers of releases.</summary>
internal sealed class PendingVersionChanges(VersionStore versions)
{
    public IReadOnlyList<PendingVersionChange> Find(PendingPublication pending, RepositorySnapshot snapshot) =>
        [.. pending.Channels.SelectMany(channel => Find(channel, pending, snapshot))];

    private IEnumerable<PendingVersionChange> Find(ChannelManifest channel, PendingPublication pending, RepositorySnapshot snapshot)
    {
        Dictionary<string, int> before = snapshot.Channels.TryGetValue(channel.Channel, out ChannelManifest? present)
            ? VersionsOf(snapshot.Releases.GetValueOrDefault(present.Release))
            : [];
        int next = channel.Candidate?.Release ?? channel.Release;
        ReleaseManifest? release = pending.Releases.FirstOrDefault(added => added.Number == next) ?? snapshot.Releases.GetValueOrDefault(next);
        Dictionary<string, int> after = VersionsOf(release);
        return from model in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
               let fromVersion = Version(before, model)
               let toVersion = Version(after, model)
               where fromVersion != toVersion
               select new PendingVersionChange(channel.Channel, model, fromVersion, toVersion)
               {
                   FromQuality = QualityOf(model, fromVersion),
                   ToQuality = QualityOf(model, toVersion),
               };
    }

    private MetricValue? QualityOf(string model, int? version) =>
        version is { } number && versions.Find(model, number) is { } found ? found.View.Quality : null;

    private static int? Version(Dictionary<string, int> release, string model) => release.TryGetValue(model, out int version) ? version : null;

    private static Dictionary<string, int> VersionsOf(ReleaseManifest? release) =>
        (release?.Models ?? []).ToDictionary(model => model.Name, model => model.Version, StringComparer.Ordinal);
}
