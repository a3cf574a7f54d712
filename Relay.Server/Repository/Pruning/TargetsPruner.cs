using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Pruning;

/// <summary>Takes entries of old releases out of targets metadata that are written anyway, since each node downloads all of them. Files
/// stay, and a version can be published again.</summary>
internal sealed class TargetsPruner(NamedReleasesFile file, PruningRules rules, IReleaseUses uses)
{
    /// <summary>Removes from the change what it need not list.</summary>
    public void Prune(RepositoryChange change, DateTimeOffset now)
    {
        if (rules.Days == 0 || change.Snapshot is not { } snapshot)
        {
            return;
        }

        DateTimeOffset since = now - TimeSpan.FromDays(rules.Days);
        NamedReleases named = file.Read().After(change, now);
        ReleaseUses used = uses.Find(since);
        HashSet<int> kept = [.. KeptReleases(change, named, used, since)];
        ReleaseManifest[] gone = [.. snapshot.Releases.Values.Where(release => !kept.Contains(release.Number) && CanReturn(release, used))];
        if (gone.Length == 0)
        {
            return;
        }

        HashSet<int> numbers = [.. gone.Select(release => release.Number)];
        HashSet<ModelVersion> needed =
        [
            .. snapshot.Releases.Values.Where(release => !numbers.Contains(release.Number)).Concat(change.NewReleases).SelectMany(VersionsOf),
            .. HighestVersions(snapshot), .. used.Aliased,
        ];
        HashSet<ModelVersion> leaving = [.. gone.SelectMany(VersionsOf).Where(version => !needed.Contains(version))];
        foreach (TargetFile target in change.Targets.ToArray())
        {
            if (TargetPaths.ReleaseNumberOf(target.Path) is { } release
                ? numbers.Contains(release)
                : target.Label is { } label && leaving.Contains(new(label.Model, label.Version)))
            {
                change.RemoveTarget(target.Path);
            }
        }
    }

    /// <summary>Notes which releases the channels name and which versions leave, before a change becomes current: a crash in between leaves later
    /// times, which remove nothing early.</summary>
    public void Note(RepositoryChange change, DateTimeOffset now)
    {
        if (change.TargetsChanged || change.ChannelsChanged)
        {
            file.Write(file.Read().After(change, now));
        }

        if (change is { TargetsChanged: true, Snapshot: { } snapshot })
        {
            uses.NoteLeaving([.. LabelsOf(snapshot.Targets.Files.Values).Except(LabelsOf(change.TargetsAfter))]);
        }
    }

    // The highest number is the last one that was given, and no number is given twice.
    private IEnumerable<int> KeptReleases(RepositoryChange change, NamedReleases named, ReleaseUses used, DateTimeOffset since) =>
    [
        .. named.NamedAt.Where(release => release.Value > since).Select(release => release.Key),
        .. named.Channels.Values.SelectMany(releases => releases.Take(rules.Releases)),
        .. change.ChannelsAfter.Values.SelectMany(NamedReleases.ReleasesOf),
        .. used.Reported,
        change.Published.LatestRelease,
    ];

    /// <summary>A release whose versions the relay could not publish again stays: it would have no way back.</summary>
    private static bool CanReturn(ReleaseManifest release, ReleaseUses used) => VersionsOf(release).All(used.Stored.Contains);

    /// <summary>A relay that lost its database learns from them which numbers were given.</summary>
    private static IEnumerable<ModelVersion> HighestVersions(RepositorySnapshot snapshot) => LabelsOf(snapshot.Targets.Files.Values)
        .GroupBy(version => version.Name, StringComparer.Ordinal)
        .Select(versions => versions.MaxBy(version => version.Version)!);

    private static IEnumerable<ModelVersion> LabelsOf(IEnumerable<TargetFile> files) =>
        files.Select(target => target.Label).OfType<TargetLabel>().Select(label => new ModelVersion(label.Model, label.Version));

    private static IEnumerable<ModelVersion> VersionsOf(ReleaseManifest release) =>
        release.Models.Select(model => new ModelVersion(model.Name, model.Version));
}
