using Npgsql;
using NpgsqlTypes;

namespace Relay.Server.Storage.Postgres;

/// <summary>Asks the server once for all that a batch of rows looks up, decides in memory, and adds many rows by one statement: a way to the server
/// and back for each row would take longer than all else.</summary>
internal sealed class PostgresSampleRows(PostgresConnection connection) : SampleRows
{
    // An array is one value of a statement: the server takes 1 GiB of it, and keeps it in memory.
    private const int MaximumBytes = 16 << 20;

    private readonly Dictionary<string, StoredSample?> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<StoredLabel>> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _marks = new(StringComparer.Ordinal);
    private readonly List<(string Id, StoredSample Row, long At, bool IsConflict)> _newSamples = [];
    private readonly List<(string Id, StoredLabel Row, long At, bool IsConflict)> _newLabels = [];
    private long _bytes;

    public override void Expect(IReadOnlyCollection<string> ids, IReadOnlyCollection<byte[]> marks)
    {
        string[] unknown = [.. ids.Where(id => _samples.TryAdd(id, null))];
        foreach (string id in unknown)
        {
            _labels[id] = [];
        }

        byte[][] unknownMarks = [.. marks.Where(mark => _marks.TryAdd(Convert.ToHexString(mark), false))];
        connection.Run(() =>
        {
            connection.Waiting.Send();
            using NpgsqlBatch batch = new(connection.Inner);
            Ask(batch, "SELECT id, position, source, label, cells FROM samples WHERE id = ANY ($1)", unknown, NpgsqlDbType.Text);
            Ask(batch, "SELECT sample, position, source, label FROM labels WHERE sample = ANY ($1)", unknown, NpgsqlDbType.Text);
            Ask(batch, "SELECT mark FROM forgotten WHERE mark = ANY ($1)", unknownMarks, NpgsqlDbType.Bytea);
            using NpgsqlDataReader reader = batch.ExecuteReader();
            Read(reader, unknown);
            return true;
        });
    }

    public override StoredSample? FindSample(string id)
    {
        Require(id);
        return _samples[id];
    }

    public override IReadOnlyList<StoredLabel> FindLabels(string id)
    {
        Require(id);
        return _labels[id];
    }

    public override bool IsForgotten(byte[] mark)
    {
        string key = Convert.ToHexString(mark);
        if (!_marks.ContainsKey(key))
        {
            Expect([], [mark]);
        }

        return _marks[key];
    }

    public override void Add(string id, StoredSample sample, long receivedAt, bool isConflict)
    {
        _samples[id] = sample;
        _newSamples.Add((id, sample, receivedAt, isConflict));
        _bytes += sample.Cells.Length;
        if (_bytes >= MaximumBytes)
        {
            Complete();
        }
    }

    public override void Add(string id, StoredLabel label, long receivedAt, bool isConflict)
    {
        Require(id);
        _labels[id].Add(label);
        _newLabels.Add((id, label, receivedAt, isConflict));
    }

    public override void Complete()
    {
        if (_newSamples.Count + _newLabels.Count > 0)
        {
            connection.Run(() =>
            {
                connection.Waiting.Send();
                using NpgsqlBatch batch = new(connection.Inner);
                AddSamples(batch);
                AddLabels(batch);
                return batch.ExecuteNonQuery();
            });
        }

        _newSamples.Clear();
        _newLabels.Clear();
        _bytes = 0;
    }

    private void Require(string id)
    {
        if (!_samples.ContainsKey(id))
        {
            Expect([id], []);
        }
    }

    private void Read(NpgsqlDataReader reader, string[] asked)
    {
        while (reader.Read())
        {
            _samples[reader.GetString(0)] = new(
                reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetFieldValue<byte[]>(4));
        }

        reader.NextResult();
        while (reader.Read())
        {
            _labels[reader.GetString(0)].Add(new(reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3)));
        }

        // Not by the server, to which the index by positions would be the way of a sorted answer.
        foreach (string id in asked)
        {
            _labels[id].Sort((a, b) => a.Position.CompareTo(b.Position));
        }

        reader.NextResult();
        while (reader.Read())
        {
            _marks[Convert.ToHexString(reader.GetFieldValue<byte[]>(0))] = true;
        }
    }

    private void AddSamples(NpgsqlBatch batch)
    {
        if (_newSamples.Count == 0)
        {
            return;
        }

        NpgsqlBatchCommand command = new(
            """
            INSERT INTO samples (position, id, source, received_at, label, cells, is_conflict) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """);
        Add(command, NpgsqlDbType.Bigint, _newSamples.Select(added => added.Row.Position));
        Add(command, NpgsqlDbType.Text, _newSamples.Select(added => added.Id));
        Add(command, NpgsqlDbType.Bigint, _newSamples.Select(added => added.Row.Source));
        Add(command, NpgsqlDbType.Bigint, _newSamples.Select(added => added.At));
        Add(command, NpgsqlDbType.Text, _newSamples.Select(added => added.Row.Label));
        Add(command, NpgsqlDbType.Bytea, _newSamples.Select(added => added.Row.Cells));
        Add(command, NpgsqlDbType.Boolean, _newSamples.Select(added => added.IsConflict));
        batch.BatchCommands.Add(command);
    }

    private void AddLabels(NpgsqlBatch batch)
    {
        if (_newLabels.Count == 0)
        {
            return;
        }

        NpgsqlBatchCommand command = new(
            "INSERT INTO labels (position, sample, source, received_at, label, is_conflict) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)");
        Add(command, NpgsqlDbType.Bigint, _newLabels.Select(added => added.Row.Position));
        Add(command, NpgsqlDbType.Text, _newLabels.Select(added => added.Id));
        Add(command, NpgsqlDbType.Bigint, _newLabels.Select(added => added.Row.Source));
        Add(command, NpgsqlDbType.Bigint, _newLabels.Select(added => added.At));
        Add(command, NpgsqlDbType.Text, _newLabels.Select(added => added.Row.Label));
        Add(command, NpgsqlDbType.Boolean, _newLabels.Select(added => added.IsConflict));
        batch.BatchCommands.Add(command);
    }

    private static void Ask<T>(NpgsqlBatch batch, string sql, T[] values, NpgsqlDbType type)
    {
        NpgsqlBatchCommand command = new(sql);
        Add(command, type, values);
        batch.BatchCommands.Add(command);
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new NpgsqlParameter { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}
