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

    /// <summary>Asked in the transaction that adds a rollout: no version of it was deleted since the request was looked at.</summary>
    /// <exception cref="InvalidDataException">One was.</exception>
    public static void Require(DbConnection connection, DbTransaction transaction, IReadOnlyList<ModelVersion> models)
    {
        foreach (ModelVersion model in models)
        {
            if (connection.ExecuteScalar<long>(
                "SELECT count(*) FROM model_versions WHERE model = @Name AND version = @Version", model, transaction) == 0)
            {
                throw new InvalidDataException($"The relay has no {model.Name} {model.Version} any more.");
            }
        }
    }
}
