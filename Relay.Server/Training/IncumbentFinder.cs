using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Training;
using Shared.Contracts.Releases;

namespace Relay.Server.Training;

/// <summary>Finds the version that a new one is compared with: the one that the channel 'stable' runs, so that many small steps down are one
/// large step; where it runs none, the newest that is not revoked.</summary>
internal sealed class IncumbentFinder(VersionStore versions, ArtifactStore artifacts, RepositoryCache repository)
{
    /// <returns>Null for a model without a version.</returns>
    /// <exception cref="TrainingException">With MissingData: its file is gone or damaged.</exception>
    public IncumbentModel? Find(string model)
    {
        IReadOnlyList<string> revoked = repository.Read().Policy.Revoked;
        ReleasedModel? stable = repository.ModelsOf(StableModelEndpoints.StableChannel).FirstOrDefault(m => m.Name == model);
        StoredVersion? found = stable is null || revoked.Contains(stable.Sha256) ? null : versions.Find(model, stable.Version);
        for (int below = int.MaxValue; found is null;)
        {
            if (versions.FindBefore(model, below) is not { } newest)
            {
                return null;
            }

            below = newest.Card.Version;
            found = revoked.Contains(newest.Card.Sha256) ? null : newest;
        }

        return new IncumbentModel(Read(found), found.Card);
    }

    private byte[] Read(StoredVersion incumbent)
    {
        try
        {
            return artifacts.Read(incumbent.Card.Sha256);
        }
        catch (Exception missing) when (missing is FileNotFoundException or InvalidDataException)
        {
            throw new TrainingException(
                TrainingFault.MissingData,
                $"{incumbent.Card.Name} version {incumbent.Card.Version}, which a new version is compared with, has lost its file: "
                + "restore it from a backup, or revoke that version.",
                missing);
        }
    }
}
