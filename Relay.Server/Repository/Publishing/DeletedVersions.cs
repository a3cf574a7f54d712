using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Repository.Publishing;

/// <summary>Refuses versions that were deleted after they were read, so that nothing is published which the relay has no record of.</summary>
internal static class DeletedVersions
{
    /// <param name="stored">Null where that is not asked.</param>
    public static PublishRefusal? FindRefusal(IStoredVersions? stored, PublishRequest request, RepositoryChange change)
    {
        IEnumerable<ModelVersion> added = request.Artifacts
            .Where(artifact => change.Targets.All(file => file.Path != TargetPaths.Model(artifact.Model, artifact.Version)))
            .Select(artifact => new ModelVersion(artifact.Model, artifact.Version));
        return stored?.FindMissing(added) is { } missing
            ? new(PublishRefusalReason.VersionDeleted, $"{missing.Name} {missing.Version} was deleted meanwhile.")
            : null;
    }
}
