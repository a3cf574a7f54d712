using System.Data.Common;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Removal;

/// <summary>Deletes samples and labels within one transaction, and keeps the sums true; <see cref="Complete"/> writes them.</summary>
internal sealed class SampleRemover
{
    /// <summary>Rows of one statement.</summary>
    private const int PartRows = 500;

    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly SampleState _state;
    private readonly AddressHasher _hasher;
    private readonly Dictionary<long, (int Rows, int Labels)> _removed = [];
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

    /// <summary>Deletes samples with their labels, and sees to it that they are not taken again.</summary>
    /// <returns>What became of each, in the order of the ids.</returns>
    public ForgetOutcome[] Forget(IReadOnlyList<string> ids, long now)
    {
        _isRequested = true;
        HashSet<string> deleted = [];
        HashSet<string> forgottenBefore = [];
        foreach (string[] part in ids.Distinct(StringComparer.Ordinal).Chunk(PartRows))
        {
            deleted.UnionWith(RemoveSamples("id IN @part", new { part }));
            deleted.UnionWith(RemoveLabels("sample IN @part", new { part }));
            forgottenBefore.UnionWith(MarkForgotten(part, now));
        }

        // An id that is there twice is deleted once.
        HashSet<string> seen = [];
        return
        [
            .. ids.Select(id => !seen.Add(id) ? ForgetOutcome.DeletedBefore
                : deleted.Contains(id) ? ForgetOutcome.Deleted
                : forgottenBefore.Contains(id) ? ForgetOutcome.DeletedBefore
                : ForgetOutcome.NeverThere),
        ];
    }

    /// <summary>Deletes samples of a source as <see cref="Forget"/> does.</summary>
    /// <param name="positions">Their numbers. One that was deleted since is left out: another sample may have its id by now.</param>
    /// <returns>How many there were.</returns>
    public int ForgetSamples(long source, long[] positions, long now)
    {
        string[] ids =
        [
            .. positions.Chunk(PartRows).SelectMany(part => _connection.Query<string>(
                "SELECT id FROM samples WHERE position IN @part AND source = @source", new { part, source }, _transaction)),
        ];
        return Forget(ids, now).Count(outcome => outcome is ForgetOutcome.Deleted);
    }

    /// <summary>Deletes labels by their numbers, at somebody's request.</summary>
    public int RemoveLabels(long[] positions)
    {
        _isRequested = true;
        return positions.Chunk(PartRows).Sum(part => RemoveLabels("position IN @part", new { part }).Count);
    }

    /// <summary>Deletes the oldest samples and labels of before a time.</summary>
    /// <returns>How many; fewer than the maximum where no more are left.</returns>
    public int RemoveExpired(long before, int maximum) =>
        RemoveSamples(
            "position IN (SELECT position FROM samples WHERE received_at < @before ORDER BY received_at LIMIT @maximum)",
            new { before, maximum }).Count
        + RemoveLabels(
            "position IN (SELECT position FROM labels WHERE received_at < @before ORDER BY received_at LIMIT @maximum)",
            new { before, maximum }).Count;

    public void Complete()
    {
        foreach ((long source, (int rows, int labels)) in _removed)
        {
            _connection.Defer(
                "UPDATE sources SET rows = rows - @rows, labels = labels - @labels WHERE number = @source", new { source, rows, labels },
                _transaction);
        }

        _state.Write(_connection, _transaction);
        if (_hasRemoved)
        {
            SamplePurge.Note(_connection, _transaction, _isRequested);
        }
    }

    /// <returns>Their ids.</returns>
    private List<string> RemoveSamples(string where, object values)
    {
        List<string> ids = [];
        foreach ((string id, long source, bool isLabeled, bool isConflict) in _connection.Query<(string, long, bool, bool)>(
            $"DELETE FROM samples WHERE {where} RETURNING id, source, label IS NOT NULL, is_conflict", values, _transaction))
        {
            ids.Add(id);
            _state.Rows--;
            Subtract(source, 1, isLabeled, isConflict);
        }

        _hasRemoved |= ids.Count > 0;
        return ids;
    }

    /// <returns>The ids of their samples.</returns>
    private List<string> RemoveLabels(string where, object values)
    {
        List<string> ids = [];
        foreach ((string id, long source, bool isConflict) in _connection.Query<(string, long, bool)>(
            $"DELETE FROM labels WHERE {where} RETURNING sample, source, is_conflict", values, _transaction))
        {
            ids.Add(id);
            Subtract(source, 0, isLabeled: true, isConflict);
        }

        _hasRemoved |= ids.Count > 0;
        return ids;
    }

    /// <returns>Those that were forgotten before.</returns>
    private IEnumerable<string> MarkForgotten(string[] ids, long now)
    {
        Dictionary<string, byte[]> marks = ids.ToDictionary(id => id, _hasher.Mark, StringComparer.Ordinal);
        HashSet<string> there = [.. _connection.Query<byte[]>(
            "SELECT mark FROM forgotten WHERE mark IN @marks", new { marks = marks.Values }, _transaction).Select(Convert.ToHexString)];
        List<string> before = [];
        foreach ((string id, byte[] mark) in marks)
        {
            if (there.Contains(Convert.ToHexString(mark)))
            {
                before.Add(id);
                continue;
            }

            _connection.Defer("INSERT INTO forgotten (mark, at) VALUES (@mark, @now)", new { mark, now }, _transaction);
            _state.Forgotten++;
        }

        return before;
    }

    private void Subtract(long source, int rows, bool isLabeled, bool isConflict)
    {
        int labels = isLabeled ? 1 : 0;
        _state.Labels -= labels;
        _state.Conflicts -= isConflict ? 1 : 0;
        (int allRows, int allLabels) = _removed.GetValueOrDefault(source);
        _removed[source] = (allRows + rows, allLabels + labels);
    }
}
