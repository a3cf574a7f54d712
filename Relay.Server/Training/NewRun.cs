using System.Data.Common;
using System.Text.Json;
using Dapper;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>A run that is to be queued.</summary>
/// <param name="StartedBy">The id of an API key.</param>
/// <param name="Trigger">The trigger that starts it; null where a person does.</param>
internal sealed record NewRun(
    ModelSpec Spec, TrainingDataSource Data, string? StartedBy = null, IReadOnlyList<GateAcceptance>? Accept = null, long? Trigger = null)
{
    /// <summary>Adds the run as a row; <see cref="TrainingQueue.Announce"/> tells the worker.</summary>
    /// <returns>Null for a model that is archived.</returns>
    public TrainingRun? TryInsert(DbConnection connection, DbTransaction transaction, long now) =>
        connection.QuerySingleOrDefault<TrainingRunRow>(
        """
        INSERT INTO training_runs (model, spec, data, accept, state, created_at, started_by, trigger)
        SELECT name, @Spec, @Data, @Accept, 'queued', @now, @StartedBy, @Trigger FROM models WHERE name = @Name AND archived_at IS NULL
        RETURNING id, model, spec, data, accept, state, created_at AS CreatedAt, started_by AS StartedBy, trigger
        """,
        new
        {
            Spec.Name,
            Spec = JsonSerializer.Serialize(Spec, ModelJson.Default.ModelSpec),
            Data = JsonSerializer.Serialize(Data, RelayApiJson.Default.TrainingDataSource),
            Accept = Accept is { Count: > 0 } ? JsonSerializer.Serialize(Accept, ModelJson.Default.IReadOnlyListGateAcceptance) : null,
            now,
            StartedBy,
            Trigger,
        },
        transaction)?.ToView();
}
