using Relay.Server.Models;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;
using Relay.Server.Training;
using Relay.Server.Training.Records;
using Shared.Contracts.Api;

namespace Relay.Server.Retention;

/// <summary>Deletes what the rules let go, and the files in the artifact store that nothing refers to any more.</summary>
internal sealed class RetentionSweep(
    RetentionRules rules, VersionDeletion versions, RunDeletion runs, RunFiles records, RelayDatabase database, ArtifactStore artifacts,
    TimeProvider timeProvider)
{
    /// <param name="dryRun">True to say what would go, and to delete nothing.</param>
    public async Task<RetentionResult> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelVersion> goneVersions = await versions.DeleteExpiredAsync(rules, dryRun, cancellationToken);
        IReadOnlyList<long> goneRuns = dryRun ? runs.FindExpired(rules) : runs.DeleteExpired(rules, cancellationToken);
        if (!dryRun)
        {
            records.DeleteUnknown(database);
        }

        DateTimeOffset writtenBefore = timeProvider.GetUtcNow() - GarbageCollector.Grace;
        FileInfo[] files =
        [
            .. artifacts.FindUnreferenced(FindReferenced(), writtenBefore).Where(file => dryRun || artifacts.TryDelete(file, writtenBefore)),
        ];
        return new(goneVersions, goneRuns, files);
    }

    private HashSet<string> FindReferenced() =>
    [
        .. new VersionStore(database).ReferencedFiles().Select(file => file.Sha256),
        .. TrainingRunStore.FindFilesToImport(database),
    ];
}

/// <summary>What went; of a dry run, what would go.</summary>
/// <param name="Runs">The numbers of training runs.</param>
/// <param name="Files">Those in the artifact store, with the lengths that they had.</param>
internal sealed record RetentionResult(IReadOnlyList<ModelVersion> Versions, IReadOnlyList<long> Runs, IReadOnlyList<FileInfo> Files);
