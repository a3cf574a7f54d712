using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Models.Aliases;

/// <summary>Aliases of the versions of models. Only their changes are stored, so that history and present cannot differ.</summary>
internal sealed class AliasStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Of one version, in answers.</summary>
    private const int MaximumNames = 100;

    private const string Select = """
        SELECT alias, c.version, at, key, sha256 FROM alias_changes c
        JOIN model_versions v ON v.model = c.model AND v.version = c.version
        """;

    /// <summary>Sets an alias to a version that there is.</summary>
    /// <param name="key">The id of an API key.</param>
    /// <returns>False where it names this version already, null where there is no such version: nothing changes.</returns>
    public bool? Set(string model, string alias, int version, string? key) => Add(model, alias, version, key);

    /// <returns>False where there is no such alias: nothing changes.</returns>
    public bool Delete(string model, string alias, string? key) => Add(model, alias, version: null, key) is true;

    /// <summary>What an alias names; null where it names nothing.</summary>
    public StoredAlias? Find(string model, string alias) => Find(model, alias, long.MaxValue);

    /// <summary>What an alias named at a time; null where it named nothing.</summary>
    public StoredAlias? FindAt(string model, string alias, DateTimeOffset at) => Find(model, alias, at.ToUnixTimeMilliseconds());

    /// <summary>The aliases of a model after the cursor, by name.</summary>
    /// <param name="version">The one that they name; null: any.</param>
    public IReadOnlyList<StoredAlias> List(string model, int? version, string? cursor, int limit)
    {
        string named = version is null ? "" : "AND c.version = @version";
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<Row>(
                $"""
                {Select} WHERE c.id IN (SELECT max(id) FROM alias_changes WHERE model = @model AND alias > @After GROUP BY alias) {named}
                ORDER BY alias LIMIT @limit
                """,
                new { model, version, After = cursor ?? "", limit })
            .Select(row => row.ToAlias())];
    }

    /// <summary>The aliases that name a version, by name.</summary>
    public IReadOnlyList<string> ListNames(string model, int version)
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<string>(
            """
            SELECT alias FROM alias_changes
            WHERE id IN (SELECT max(id) FROM alias_changes WHERE model = @model GROUP BY alias) AND version = @version
            ORDER BY alias LIMIT @MaximumNames
            """,
            new { model, version, MaximumNames })];
    }

    /// <summary>The changes of an alias below the cursor, the newest first; empty for one that never was.</summary>
    public IReadOnlyList<AliasChange> ListChanges(string model, string alias, long? cursor, int limit)
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(long Id, long At, long? Version, string? Key)>(
                """
                SELECT id, at, version, key FROM alias_changes WHERE model = @model AND alias = @alias AND id < @Before
                ORDER BY id DESC LIMIT @limit
                """,
                new { model, alias, Before = cursor ?? long.MaxValue, limit })
            .Select(row => new AliasChange(row.Id, Instant.FromMilliseconds(row.At), (int?)row.Version, row.Key))];
    }

    private StoredAlias? Find(string model, string alias, long at)
    {
        using DbConnection connection = database.Open();
        return connection
            .QuerySingleOrDefault<Row>(
                $"""
                {Select} WHERE c.id = (SELECT id FROM alias_changes WHERE model = @model AND alias = @alias AND at <= @at ORDER BY id DESC LIMIT 1)
                """,
                new { model, alias, at })
            ?.ToAlias();
    }

    private bool? Add(string model, string alias, int? version, string? key) => database.Write<bool?>((connection, transaction) =>
    {
        // It may have been deleted since the request was looked at.
        if (version is not null && connection.ExecuteScalar<long>(
            "SELECT count(*) FROM model_versions WHERE model = @model AND version = @version", new { model, version }, transaction) == 0)
        {
            return null;
        }

        (long? before, long at) = connection.QuerySingleOrDefault<(long?, long)>(
            "SELECT version, at FROM alias_changes WHERE model = @model AND alias = @alias ORDER BY id DESC LIMIT 1",
            new { model, alias }, transaction);
        if (before == version)
        {
            return false;
        }

        long now = Instant.Now(timeProvider);

        // A clock that was set back must not change what an alias named at a time.
        connection.Execute(
            "INSERT INTO alias_changes (model, alias, version, at, key) VALUES (@model, @alias, @version, @At, @key)",
            new { model, alias, version, At = Math.Max(at, now), key }, transaction);
        int named = version ?? (int)before!.Value;
        WebhookEventTable.Append(
            connection, transaction, version is null ? WebhookEvents.VersionAliasDeleted : WebhookEvents.VersionAliasCreated,
            WebhookEventTable.VersionSubject(model, named), new() { Model = model, Version = named, Alias = alias, By = key }, now);
        return true;
    });

    private sealed record Row
    {
        public string Alias { get; init; } = "";

        public int Version { get; init; }

        public long At { get; init; }

        public string? Key { get; init; }

        public string Sha256 { get; init; } = "";

        public StoredAlias ToAlias() => new(Alias, Version, Instant.FromMilliseconds(At), Key, Sha256);
    }
}
