using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Retention;

/// <summary>The versions that a repository names, in what is current and in what waits for signatures.</summary>
internal sealed class NamedVersions
{
    private readonly HashSet<ModelVersion> _published = [];
    private readonly HashSet<ModelVersion> _pending = [];
    private readonly HashSet<string> _revoked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _awaited = new(StringComparer.Ordinal);

    public NamedVersions(RepositorySnapshot snapshot, IReadOnlyList<PendingPublication> pending)
    {
        _published.UnionWith(snapshot.Releases.Values.SelectMany(Versions));
        _published.UnionWith(Versions(snapshot.Targets.Files.Values));
        _revoked.UnionWith(snapshot.Policy.Revoked);
        foreach (PendingPublication publication in pending)
        {
            _pending.UnionWith(publication.Releases.SelectMany(Versions));
            _pending.UnionWith(Versions(publication.Added));
            _awaited.UnionWith(publication.Policy?.Revoked ?? []);
        }
    }

    /// <summary>Why a version stays; null where the repository does not name it.</summary>
    public VersionHold? Find(ModelVersion version, string sha256) =>
        _published.Contains(version) ? VersionHold.Published
        : _revoked.Contains(sha256) ? VersionHold.Revoked
        : _pending.Contains(version) || _awaited.Contains(sha256) ? VersionHold.Pending
        : null;

    private static IEnumerable<ModelVersion> Versions(ReleaseManifest release) =>
        release.Models.Select(model => new ModelVersion(model.Name, model.Version));

    private static IEnumerable<ModelVersion> Versions(IEnumerable<TargetFile> files) => files
        .Select(file => file.Label)
        .Where(label => label is not null)
        .Select(label => new ModelVersion(label!.Model, label.Version));
}
