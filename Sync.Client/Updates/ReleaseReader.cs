using Shared.Contracts;
using Shared.Contracts.Releases;
using Sync.Client.Trust;

namespace Sync.Client.Updates;

/// <summary>Reads a release's manifest and plans it for this node.</summary>
internal sealed class ReleaseReader(IEnumerable<string> models)
{
    public async Task<Result<PlannedRelease>> ReadAsync(
        NodeTrust trust, int number, TargetReader targets, CancellationToken cancellationToken)
    {
        Result<byte[]> file = await targets.ReadAsync(trust.Metadata, TargetPaths.Release(number), cancellationToken).ConfigureAwait(false);
        if (!file.IsAccepted)
        {
            return file.Refusal;
        }

        Result<ReleaseManifest> release = ReleaseManifest.Read(file.Value, number);
        return release.IsAccepted ? ReleasePlanner.Plan(trust, release.Value, models) : release.Refusal;
    }
}
