using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Annotations;

/// <summary>The tags of models and versions. A webhook hears of those of versions.</summary>
internal sealed class TagStore(RelayDatabase database, TimeProvider timeProvider)
{
    private const string Columns = "key, value, set_at AS SetAt, set_by AS SetBy";

    /// <summary>Sets a tag of a model or version that there is.</summary>
    /// <param name="version">Null: of the model itself.</param>
    /// <param name="setBy">The id of an API key.</param>
    /// <returns>Null where it has as many tags as it may, and not this one: nothing changes.</returns>
    public TagView? Set(string model, int? version, string key, string value, string? setBy) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        object subject = new { model, version = version ?? TagTable.OfModel, key, value, now, setBy };
        TagView? before = connection.QuerySingleOrDefault<Row>(
            $"SELECT {Columns} FROM tags WHERE model = @model AND version = @version AND key = @key", subject, transaction)?.ToView();
        if (before?.Value == value)
        {
            return before;
        }

        if (before is null && connection.ExecuteScalar<long>(
            "SELECT count(*) FROM tags WHERE model = @model AND version = @version", subject, transaction) >= TagView.MaximumCount)
        {
            return null;
        }

        connection.Execute(
            """
            INSERT INTO tags (model, version, key, value, set_at, set_by) VALUES (@model, @version, @key, @value, @now, @setBy)
            ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by
            """,
            subject, transaction);
        AddEvent(connection, transaction, WebhookEvents.VersionTagSet, model, version, new() { Tag = key, Value = value, By = setBy }, now);
        return new TagView { Key = key, Value = value, SetAt = Instant.FromMilliseconds(now), SetBy = setBy };
    });

    /// <returns>False where there is no such tag.</returns>
    public bool Delete(string model, int? version, string key, string? deletedBy) => database.Write((connection, transaction) =>
    {
        bool isDeleted = connection.Execute(
            "DELETE FROM tags WHERE model = @model AND version = @version AND key = @key",
            new { model, version = version ?? TagTable.OfModel, key }, transaction) > 0;
        if (isDeleted)
        {
            AddEvent(
                connection, transaction, WebhookEvents.VersionTagDeleted, model, version, new() { Tag = key, By = deletedBy },
                Instant.Now(timeProvider));
        }

        return isDeleted;
    });

    /// <summary>The tags after the cursor, by key.</summary>
    public IReadOnlyList<TagView> List(string model, int? version, string? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<Row>(
                $"SELECT {Columns} FROM tags WHERE model = @model AND version = @Version AND key > @After ORDER BY key LIMIT @limit",
                new { model, Version = version ?? TagTable.OfModel, After = cursor ?? "", limit })
            .Select(row => row.ToView())];
    }

    private static void AddEvent(
        DbConnection connection, DbTransaction transaction, string type, string model, int? version, WebhookEventData data, long now)
    {
        if (version is { } number)
        {
            WebhookEventTable.Append(
                connection, transaction, type, WebhookEventTable.VersionSubject(model, number), data with { Model = model, Version = number }, now);
        }
    }

    private sealed record Row
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";

        public long SetAt { get; init; }

        public string? SetBy { get; init; }

        public TagView ToView() => new() { Key = Key, Value = Value, SetAt = Instant.FromMilliseconds(SetAt), SetBy = SetBy };
    }
}
