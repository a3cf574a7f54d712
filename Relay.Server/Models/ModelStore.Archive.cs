using System.Data.Common;
using Dapper;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Models;

// Which models are archived.
internal sealed partial class ModelStore : IArchivedModels
{
    /// <summary>Of the runs that a refusal names.</summary>
    private const int NamedRuns = 20;

    /// <summary>Archives a model; one that is archived already stays as it is. The caller holds the repository, and has seen that nothing there names
    /// the model.</summary>
    /// <param name="by">The id of an API key.</param>
    /// <returns>The unfinished runs because of which it is not archived; empty: it is. Null: there is no such model.</returns>
    public IReadOnlyList<long>? TryArchive(string name, string? by) => database.Write<IReadOnlyList<long>?>((connection, transaction) =>
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM models WHERE name = @name", new { name }, transaction) == 0)
        {
            return null;
        }

        long[] runs = [.. connection.Query<long>(
            "SELECT id FROM training_runs WHERE model = @name AND state IN ('queued', 'running') ORDER BY id LIMIT @NamedRuns",
            new { name, NamedRuns }, transaction)];
        long now = Instant.Now(timeProvider);
        if (runs.Length == 0 && connection.Execute(
            "UPDATE models SET archived_at = @now WHERE name = @name AND archived_at IS NULL", new { name, now }, transaction) > 0)
        {
            AddEvent(connection, transaction, WebhookEvents.ModelArchived, name, by, now);
        }

        return runs;
    });

    /// <summary>Ends the archiving of a model; one that is not archived stays as it is.</summary>
    /// <param name="by">The id of an API key.</param>
    public void Restore(string name, string? by) => database.Write((connection, transaction) =>
    {
        bool isRestored = connection.Execute(
            "UPDATE models SET archived_at = NULL WHERE name = @name AND archived_at IS NOT NULL", new { name }, transaction) > 0;
        if (isRestored)
        {
            AddEvent(connection, transaction, WebhookEvents.ModelRestored, name, by, Instant.Now(timeProvider));
        }

        return isRestored;
    });

    /// <inheritdoc/>
    public string? FindArchived(IReadOnlyCollection<string> models)
    {
        if (models.Count == 0)
        {
            return null;
        }

        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<string>(
            "SELECT name FROM models WHERE archived_at IS NOT NULL AND name IN @models ORDER BY name LIMIT 1", new { models });
    }

    private static void AddEvent(DbConnection connection, DbTransaction transaction, string type, string model, string? by, long now) =>
        WebhookEventTable.Append(connection, transaction, type, $"models/{model}", new() { Model = model, By = by }, now);
}
