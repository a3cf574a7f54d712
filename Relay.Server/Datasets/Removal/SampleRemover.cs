using System.Data.Common;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples and labels within one transaction, and keeps the sums true; <see cref="Complete"/> writes them.</summary>
internal sealed class SampleRemover
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly SampleState _state;
    private readonly AddressHasher _hasher;
    private bool _hasRemoved;
    private bool _isRequested;

    public SampleRemover(DbConnection connection, DbTransaction transaction)
    {
        (_connection, _transaction) = (connection, transaction);
        _state = SampleState.Read(connection, transaction);
        _hasher = new AddressHasher(_state.Key);
    }

    /// <summary>Runs one transaction that deletes.</summary>
    public static Task<T> RunAsync<T>(SampleDatabase samples, Func<SampleRemover, T> remove, CancellationToken cancellationToken) =>
        samples.WriteAsync(
            (connection, transaction) =>
            {
                SampleRemover remover = new(connection, transaction);
                T removed = remove(remover);
                remover.Complete();
                return removed;
            },
            cancellationToken);

    /// <summary>Deletes a sample with its labels, and sees to it that it is not taken again.</summary>
    public ForgetOutcome Forget(string id, long now)
    {
        _isRequested = true;
        bool wasThere = RemoveSamples("id = @id", new { id }) + RemoveLabels("sample = @id", new { id }) > 0;
        bool isFirst = _connection.Execute(
            "INSERT INTO forgotten (mark, at) VALUES (@Mark, @now) ON CONFLICT DO NOTHING", new { Mark = _hasher.Mark(id), now }, _transaction) > 0;
        _state.Forgotten += isFirst ? 1 : 0;
        return wasThere ? ForgetOutcome.Deleted : isFirst ? ForgetOutcome.NeverThere : ForgetOutcome.DeletedBefore;
    }

    /// <summary>Deletes samples of a source as <see cref="Forget"/> does.</summary>
    /// <param name="positions">Their numbers. One that was deleted since is left out: another sample may have its id by now.</param>
    /// <returns>How many there were.</returns>
    public int ForgetSamples(long source, long[] positions, long now)
    {
        string[] ids =
        [
            .. positions.Select(position => _connection.QuerySingleOrDefault<string>(
                "SELECT id FROM samples WHERE position = @position AND source = @source", new { position, source }, _transaction)).OfType<string>(),
        ];
        return ids.Count(id => Forget(id, now) is ForgetOutcome.Deleted);
    }

    /// <summary>Deletes labels by their numbers, at somebody's request.</summary>
    public int RemoveLabels(long[] positions)
    {
        _isRequested = true;
        return positions.Sum(position => RemoveLabels("position = @position", new { position }));
    }

    /// <summary>Deletes the oldest samples and labels of before a time.</summary>
    /// <returns>How many; fewer than the maximum where no more are left.</returns>
    public int RemoveExpired(long before, int maximum) =>
        RemoveSamples(
            "position IN (SELECT position FROM samples WHERE received_at < @before ORDER BY received_at LIMIT @maximum)", new { before, maximum })
        + RemoveLabels(
            "position IN (SELECT position FROM labels WHERE received_at < @before ORDER BY received_at LIMIT @maximum)", new { before, maximum });

    public void Complete()
    {
        _state.Write(_connection, _transaction);
        if (_hasRemoved)
        {
            SamplePurge.Note(_connection, _transaction, _isRequested);
        }
    }

    private int RemoveSamples(string where, object values)
    {
        (long Source, bool IsLabeled, bool IsConflict)[] removed = [.. _connection.Query<(long, bool, bool)>(
            $"DELETE FROM samples WHERE {where} RETURNING source, label IS NOT NULL, is_conflict", values, _transaction)];
        _hasRemoved |= removed.Length > 0;
        _state.Rows -= removed.Length;
        _state.Labels -= removed.Count(sample => sample.IsLabeled);
        _state.Conflicts -= removed.Count(sample => sample.IsConflict);
        foreach (IGrouping<long, bool> source in removed.GroupBy(sample => sample.Source, sample => sample.IsLabeled))
        {
            Subtract(source.Key, source.Count(), source.Count(isLabeled => isLabeled));
        }

        return removed.Length;
    }

    private int RemoveLabels(string where, object values)
    {
        (long Source, bool IsConflict)[] removed = [.. _connection.Query<(long, bool)>(
            $"DELETE FROM labels WHERE {where} RETURNING source, is_conflict", values, _transaction)];
        _hasRemoved |= removed.Length > 0;
        _state.Labels -= removed.Length;
        _state.Conflicts -= removed.Count(label => label.IsConflict);
        foreach (IGrouping<long, bool> source in removed.GroupBy(label => label.Source, label => label.IsConflict))
        {
            Subtract(source.Key, 0, source.Count());
        }

        return removed.Length;
    }

    private void Subtract(long source, int rows, int labels) => _connection.Execute(
        "UPDATE sources SET rows = rows - @rows, labels = labels - @labels WHERE number = @source", new { source, rows, labels }, _transaction);
}
