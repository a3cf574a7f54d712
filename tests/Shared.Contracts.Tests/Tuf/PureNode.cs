using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>
/// The least that drives the trust core: fetches by a function, stores in fields. Each refresh begins from what is stored, so
/// every refresh after the first is one after a restart.
/// </summary>
internal sealed class PureNode(byte[] firstRoot)
{
    private readonly Dictionary<string, byte[]> _roles = [];
    private byte[] _root = firstRoot;
    private byte[]? _timestamp;
    private byte[]? _snapshot;

    public TrustedMetadata Trusted { get; private set; } = null!;

    public Refusal? Refresh(Func<string, byte[]?> serve, DateTimeOffset at)
    {
        Result<TrustedMetadata> trusted = TrustedMetadata.Create(_root, at);
        if (!trusted.IsAccepted)
        {
            return trusted.Refusal;
        }

        Trusted = trusted.Value;
        return RefreshRoot(serve) ?? RefreshTimestamp(serve) ?? RefreshSnapshot(serve)
            ?? RefreshRole(serve, RoleNames.Targets, Trusted.TargetsDownload, Trusted.UpdateTargets);
    }

    /// <summary>Refreshes, finds the target and fetches it.</summary>
    public Refusal? Fetch(Func<string, byte[]?> serve, DateTimeOffset at, string path, out byte[]? content)
    {
        content = null;
        if (Refresh(serve, at) is { } refused)
        {
            return refused;
        }

        TargetSearch search;
        while ((search = Trusted.Find(path)).Needed is { } needed)
        {
            if (RefreshRole(serve, needed.Role, needed.Download, bytes => Trusted.UpdateDelegated(bytes, needed.Role, needed.Parent))
                is { } refusal)
            {
                return refusal;
            }
        }

        if (search.Found is not { } file)
        {
            return search.Refusal;
        }

        content = serve($"targets/{file.ConsistentPath}");
        return content is null ? Missing(path) : file.Check(content);
    }

    private Refusal? RefreshRoot(Func<string, byte[]?> serve)
    {
        while (serve($"metadata/{Trusted.NextRoot.FileName}") is { } next)
        {
            if (Trusted.UpdateRoot(next) is { } refusal)
            {
                return refusal;
            }

            if (Trusted.RecoversFromFastForward)
            {
                _timestamp = _snapshot = null;
            }

            _root = next;
        }

        return null;
    }

    private Refusal? RefreshTimestamp(Func<string, byte[]?> serve)
    {
        if (_timestamp is not null)
        {
            Trusted.LoadTimestamp(_timestamp);
        }

        if (serve("metadata/timestamp.json") is not { } next)
        {
            return Missing(RoleNames.Timestamp);
        }

        Refusal? refusal = Trusted.UpdateTimestamp(next);
        _timestamp = refusal is null ? next : _timestamp;
        return refusal;
    }

    private Refusal? RefreshSnapshot(Func<string, byte[]?> serve)
    {
        if (_snapshot is not null)
        {
            Trusted.LoadSnapshot(_snapshot);
        }

        if (Trusted.SnapshotIsCurrent)
        {
            return null;
        }

        if (serve($"metadata/{Trusted.SnapshotDownload.FileName}") is not { } next)
        {
            return Missing(RoleNames.Snapshot);
        }

        Refusal? refusal = Trusted.UpdateSnapshot(next);
        _snapshot = refusal is null ? next : _snapshot;
        return refusal;
    }

    private Refusal? RefreshRole(
        Func<string, byte[]?> serve, string role, MetadataDownload? download, Func<ReadOnlyMemory<byte>, Refusal?> update)
    {
        if (_roles.TryGetValue(role, out byte[]? stored) && update(stored) is null)
        {
            return null;
        }

        if (download is null || serve($"metadata/{download.FileName}") is not { } next)
        {
            return Missing(role);
        }

        Refusal? refusal = update(next);
        if (refusal is null)
        {
            _roles[role] = next;
        }

        return refusal;
    }

    private static Refusal Missing(string subject) => new(RefusalReason.MetadataMissing, subject, "not served");
}
