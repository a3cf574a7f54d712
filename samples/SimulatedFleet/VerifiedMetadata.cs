using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace SimulatedFleet;

/// <summary>The metadata of one timestamp. Nodes bring the files that it lists, each node its own copy: the first copy is verified, later ones have
/// to be the same bytes. For any thread.</summary>
internal sealed class VerifiedMetadata(SharedMetadata shared, TrustedMetadata trusted, string timestampSha256)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _taken = new(StringComparer.Ordinal);

    /// <summary>The version of the timestamp.</summary>
    public long Version => trusted.Timestamp!.Version;

    /// <summary>What a node says in its check-ins that it holds.</summary>
    public HeldMetadata Held { get; } = new(trusted.Timestamp!.Version, timestampSha256);

    public MetadataDownload Snapshot => trusted.SnapshotDownload;

    /// <summary>The file of targets or of a delegated role, once the snapshot is taken.</summary>
    public MetadataDownload Find(string role)
    {
        lock (_gate)
        {
            return trusted.DelegatedDownload(role) ?? throw new FleetException($"the snapshot does not list '{role}'");
        }
    }

    /// <summary>Takes a file of a node.</summary>
    /// <param name="file">Null where the node holds the file from before.</param>
    /// <exception cref="FleetException">It does not verify.</exception>
    public void Take(MetadataDownload download, byte[]? file)
    {
        lock (_gate)
        {
            if (_taken.TryGetValue(download.FileName, out byte[]? before))
            {
                if (file is not null && !file.AsSpan().SequenceEqual(before))
                {
                    throw new FleetException($"{download.FileName}: two nodes were given different bytes");
                }

                return;
            }

            file ??= shared.FindFile(download.FileName);
            if (Verify(download.Role, file) is { } refusal)
            {
                throw new FleetException($"{refusal.Subject}: {refusal.Reason}, {refusal.Detail}");
            }

            _taken.Add(download.FileName, file);
            shared.AddFile(download.FileName, file);
        }
    }

    /// <summary>The target of a path, as the roles list it that are trusted for the path.</summary>
    /// <exception cref="FleetException">None lists it.</exception>
    public TargetFile FindTarget(string path)
    {
        lock (_gate)
        {
            TargetSearch search = trusted.Find(path);
            return search.Found ?? throw new FleetException($"{path}: {search.Refusal?.Detail ?? $"needs the role '{search.Needed!.Role}'"}");
        }
    }

    private Refusal? Verify(string role, byte[] file) => role switch
    {
        RoleNames.Snapshot => trusted.UpdateSnapshot(file),
        RoleNames.Targets => trusted.UpdateTargets(file),
        _ => trusted.UpdateDelegated(file, role, RoleNames.Targets),
    };
}
