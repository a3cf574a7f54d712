using System.Data.Common;
using System.Text.Json;
using Dapper;
using Shared.Contracts.Api;

namespace Relay.Server.Rollouts;

/// <summary>The versions that rollouts name, whether their releases were made or not.</summary>
internal static class RolloutVersions
{
    public static HashSet<ModelVersion> ReadAll(DbConnection connection, DbTransaction? transaction) =>
    [
        .. connection.Query<string>("SELECT DISTINCT models FROM rollouts WHERE models IS NOT NULL", transaction: transaction)
            .SelectMany(models => JsonSerializer.Deserialize(models, RolloutModelsJson.Default.IReadOnlyListModelVersion) ?? []),
    ];

    /// <summary>Asked in the transaction that adds a rollout: whether no version of it was deleted since the request was looked at.</summary>
    public static bool HasAll(DbConnection connection, DbTransaction transaction, IReadOnlyList<ModelVersion> models) => models.All(model =>
        connection.ExecuteScalar<long>("SELECT count(*) FROM model_versions WHERE model = @Name AND version = @Version", model, transaction) > 0);
}
