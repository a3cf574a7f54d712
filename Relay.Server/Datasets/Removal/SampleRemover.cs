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

    /// <summary>Deletes a sample with its labels, and sees to it that it is not taken again.</summary>
    /// <returns>False where there was neither a sample nor a label.</returns>
    public bool Forget(string id, long now)
    {
        _isRequested = true;
        bool wasThere = RemoveSamples("id = @id", new { id }) + RemoveLabels("sample = @id", new { id }) > 0;
        _state.Forgotten += _connection.Execute(
            "INSERT INTO forgotten (mark, at) VALUES (@Mark, @now) ON CONFLICT DO NOTHING", new { Mark = _hasher.Mark(id), now }, _transaction);
        return wasThere;
    }

    /// <summary>Deletes samples of a source as <see cref="Forget"/> does, and, with the last of them, its labels of the samples of others.</summary>
    /// <returns>How many samples; fewer than the maximum where no more are left.</returns>
    public int ForgetSource(string name, int maximum, long now)
    {
        string[] ids =
        [
            .. _connection.Query<string>(
                "SELECT id FROM samples WHERE source = (SELECT number FROM sources WHERE name = @name) LIMIT @maximum", new { name, maximum },
                _transaction),
        ];
        int removed = ids.Count(id => Forget(id, now));
        if (ids.Length < maximum)
        {
            _isRequested = true;
            RemoveLabels("source = (SELECT number FROM sources WHERE name = @name)", new { name });
        }

        return removed;
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
