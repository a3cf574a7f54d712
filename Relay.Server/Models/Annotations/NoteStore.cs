using System.Data.Common;
using Dapper;
using Relay.Server.Http;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>The notes of models and versions: one each.</summary>
internal sealed class NoteStore(RelayDatabase database, TimeProvider timeProvider)
{
    private const string Select = "SELECT text, set_at AS SetAt, set_by AS SetBy FROM notes WHERE model = @model AND version = @Version";

    /// <summary>The entity tag of a note.</summary>
    public static string TagOf(NoteView note) => EntityTags.Compute(note.Text);

    /// <summary>Null where there is none.</summary>
    /// <param name="version">Null: of the model itself.</param>
    public NoteView? Find(string model, int? version)
    {
        using DbConnection connection = database.Open();
        return Find(connection, null, model, version);
    }

    /// <summary>Writes the note of a model or version that there is.</summary>
    /// <param name="isExpected">Asked with the tag of the note that is there; null: there is none.</param>
    /// <param name="setBy">The id of an API key.</param>
    /// <returns>Null when the note is not the expected one: nothing changes.</returns>
    public NoteView? TrySet(string model, int? version, string text, string? setBy, Func<string?, bool> isExpected) =>
        database.Write((connection, transaction) =>
        {
            NoteView? before = Find(connection, transaction, model, version);
            if (!isExpected(before is null ? null : TagOf(before)))
            {
                return null;
            }

            if (before?.Text == text)
            {
                return before;
            }

            long now = Instant.Now(timeProvider);
            connection.Execute(
                """
                INSERT INTO notes (model, version, text, set_at, set_by) VALUES (@model, @Version, @text, @now, @setBy)
                ON CONFLICT (model, version) DO UPDATE SET text = excluded.text, set_at = excluded.set_at, set_by = excluded.set_by
                """,
                new { model, Version = version ?? TagTable.OfModel, text, now, setBy }, transaction);
            return new NoteView { Text = text, SetAt = Instant.FromMilliseconds(now), SetBy = setBy };
        });

    /// <param name="isExpected">Asked with the tag of the note that is there; null: there is none.</param>
    /// <returns>False where there is no note; null when it is not the expected one. Then nothing changes.</returns>
    public bool? TryDelete(string model, int? version, Func<string?, bool> isExpected) => database.Write<bool?>((connection, transaction) =>
        Find(connection, transaction, model, version) is not { } before ? (isExpected(null) ? false : null)
        : !isExpected(TagOf(before)) ? null
        : connection.Execute(
            "DELETE FROM notes WHERE model = @model AND version = @Version", new { model, Version = version ?? TagTable.OfModel }, transaction) > 0);

    private static NoteView? Find(DbConnection connection, DbTransaction? transaction, string model, int? version) =>
        connection.QuerySingleOrDefault<Row>(Select, new { model, Version = version ?? TagTable.OfModel }, transaction) is { } row
            ? new NoteView { Text = row.Text, SetAt = Instant.FromMilliseconds(row.SetAt), SetBy = row.SetBy }
            : null;

    private sealed record Row
    {
        public string Text { get; init; } = "";

        public long SetAt { get; init; }

        public string? SetBy { get; init; }
    }
}
