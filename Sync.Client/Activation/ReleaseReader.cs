using Shared.Contracts.Trust;
using Sync.Client.Trust;

namespace Sync.Client.Activation;

/// <summary>Reads a release's manifest and plans it for this node.</summary>
internal sealed class ReleaseReader(IEnumerable<string> models)
{
    public async Task<Verdict<PlannedRelease>> ReadAsync(
        NodeTrust trust, int number, TargetReader targets, CancellationToken cancellation)
    {
        Verdict<byte[]> file = await targets.ReadAsync(trust.Metadata, TargetPaths.Release(number), cancellation);
        if (!file.IsAccepted)
        {
            return file.Refusal;
        }

        return ReleaseManifest.TryParse(file.Value, number, out ReleaseManifest? release, out Refusal? refusal)
            ? ReleasePlanner.Plan(trust, release, models)
            : refusal;
    }
}
