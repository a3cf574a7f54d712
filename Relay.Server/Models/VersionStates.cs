using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

/// <summary>What became of the versions of a model, by the signed repository, and by what it listed earlier.</summary>
internal sealed class VersionStates
{
    private readonly HashSet<int> _published;
    private readonly HashSet<string> _revoked;

    /// <param name="unlisted">Versions that were published and are not listed any more.</param>
    public VersionStates(RepositorySnapshot snapshot, string model, IEnumerable<int> unlisted)
    {
        _published =
        [
            .. snapshot.Releases.Values.SelectMany(release => release.Models).Where(named => named.Name == model).Select(named => named.Version),
            .. unlisted,
        ];
        _revoked = new(snapshot.Policy.Revoked, StringComparer.Ordinal);
    }

    public string Find(VersionView version) => _revoked.Contains(version.Sha256) ? VersionView.Revoked
        : _published.Contains(version.Version) ? VersionView.Published
        : VersionView.Unpublished;

    /// <summary>Adds the condition of a state; null: of any.</summary>
    public ListConditions AddTo(ListConditions conditions, string? state) => state switch
    {
        VersionView.Revoked => conditions.AddIn("sha256", _revoked),
        VersionView.Published => conditions.AddIn("version", _published).AddNotIn("sha256", _revoked),
        VersionView.Unpublished => conditions.AddNotIn("version", _published).AddNotIn("sha256", _revoked),
        _ => conditions,
    };
}
