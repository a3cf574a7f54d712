using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage;

/// <summary>In the process of the relay, a statement for each row is the shortest way.</summary>
internal sealed class SqliteSampleRows(DbConnection connection, DbTransaction transaction) : SampleRows
{
    public override StoredSample? FindSample(string id) => connection.QuerySingleOrDefault<StoredSample>(
        "SELECT position, source, label, cells FROM samples WHERE id = @id", new { id }, transaction);

    public override IReadOnlyList<StoredLabel> FindLabels(string id) => [.. connection.Query<StoredLabel>(
        "SELECT position, source, label FROM labels WHERE sample = @id ORDER BY position", new { id }, transaction)];

    public override bool IsForgotten(byte[] mark) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM forgotten WHERE mark = @mark)", new { mark }, transaction);

    public override void Add(string id, StoredSample sample, long receivedAt, bool isConflict) => connection.Execute(
        """
        INSERT INTO samples (position, id, source, received_at, label, cells, is_conflict)
        VALUES (@Position, @id, @Source, @receivedAt, @Label, @Cells, @isConflict)
        """,
        new { sample.Position, id, sample.Source, receivedAt, sample.Label, sample.Cells, isConflict }, transaction);

    public override void Add(string id, StoredLabel label, long receivedAt, bool isConflict) => connection.Execute(
        """
        INSERT INTO labels (position, sample, source, received_at, label, is_conflict)
        VALUES (@Position, @id, @Source, @receivedAt, @Label, @isConflict)
        """,
        new { label.Position, id, label.Source, receivedAt, label.Label, isConflict }, transaction);
}
