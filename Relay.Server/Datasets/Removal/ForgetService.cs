using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples at somebody's request, and takes what is left of them out of the files of their dataset.</summary>
internal sealed class ForgetService(TemporaryCopies copies, SamplePurge purge, TimeProvider timeProvider)
{
    public async Task<ForgetReport> ForgetAsync(Dataset dataset, ForgetRequest request, CancellationToken cancellationToken)
    {
        long now = Instant.Now(timeProvider);
        ForgetOutcome[] outcomes = await SampleRemover.RunAsync(
            dataset.Samples, remover => remover.Forget(request.Ids, now), cancellationToken);

        // Only older copies may have them. An upload that arrives adds none of them: their ids are known by now.
        IReadOnlyList<string> older = copies.Find(dataset.Name);
        int deleted = outcomes.Count(outcome => outcome is ForgetOutcome.Deleted);
        return new ForgetReport(
            deleted, outcomes.Length - deleted, !request.HasMore && await PurgeAsync(dataset) && !copies.HasAnyOf(older))
        {
            NeverThere = outcomes.Count(outcome => outcome is ForgetOutcome.NeverThere),
        };
    }

    /// <returns>Null where the dataset has nothing of a source of this name.</returns>
    public async Task<ForgetReport?> ForgetSourceAsync(Dataset dataset, string source, CancellationToken cancellationToken)
    {
        if (SourceRemover.Find(dataset.Samples, source) is not { } number)
        {
            return null;
        }

        SourceRemover remover = new(dataset.Samples, number, Instant.Now(timeProvider));
        int removed = await remover.RunAsync(cancellationToken);

        // An upload that began earlier may have added rows since: of one that has ended, all are there now. One that has not may add more.
        IReadOnlyList<string> older = copies.Find(dataset.Name, source);
        removed += await remover.RunAsync(cancellationToken);
        return new ForgetReport(removed, 0, await PurgeAsync(dataset) && older.Count == 0);
    }

    // The caller's end must not leave them in the file.
    private async Task<bool> PurgeAsync(Dataset dataset) =>
        await purge.RunAsync(dataset.Samples, TimeSpan.Zero, CancellationToken.None) is PurgeOutcome.Done;
}
