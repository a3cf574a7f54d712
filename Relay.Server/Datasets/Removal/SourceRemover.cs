using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes all that a source sent, in parts: uploads do not wait until all of it is deleted. Each part is looked for outside the transaction
/// that deletes it, and from the number of a row at which the one before ended.</summary>
/// <param name="batchRows">The size of a part.</param>
internal sealed class SourceRemover(SampleDatabase samples, long source, long now, int batchRows = 5000)
{
    private long _sample;
    private long _label;

    /// <summary>Finds samples or labels of a source after a number, in the order of numbers.</summary>
    public static string Query(string table) =>
        $"SELECT position FROM {table} WHERE source = @source AND position > @after ORDER BY position LIMIT @batchRows";

    /// <summary>The number of a source; null where the dataset has nothing of one with this name.</summary>
    public static long? Find(SampleDatabase samples, string name)
    {
        using DbConnection connection = samples.OpenForReads();
        return connection.QuerySingleOrDefault<long?>("SELECT number FROM sources WHERE name = @name", new { name });
    }

    /// <summary>Deletes its samples as <see cref="SampleRemover.Forget"/> does, and its labels of the samples of others. Another call deletes what
    /// the source added since.</summary>
    /// <returns>How many samples.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int removed = 0;
        for (long[] part; (part = FindPart("samples", _sample)).Length > 0; _sample = part[^1])
        {
            removed += await SampleRemover.RunAsync(samples, remover => remover.ForgetSamples(source, part, now), cancellationToken);
        }

        for (long[] part; (part = FindPart("labels", _label)).Length > 0; _label = part[^1])
        {
            await SampleRemover.RunAsync(samples, remover => remover.RemoveLabels(part), cancellationToken);
        }

        return removed;
    }

    private long[] FindPart(string table, long after)
    {
        using DbConnection connection = samples.OpenForReads();
        return [.. connection.Query<long>(Query(table), new { source, after, batchRows })];
    }
}
