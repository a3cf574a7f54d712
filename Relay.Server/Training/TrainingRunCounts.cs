using System.Data.Common;
using Dapper;

namespace Relay.Server.Training;

/// <summary>Counts of the training runs that the relay keeps.</summary>
internal static class TrainingRunCounts
{
    /// <summary>The number of runs in each state that some run has.</summary>
    public static IReadOnlyDictionary<string, int> CountByState(DbConnection connection, DbTransaction? transaction = null) => connection
        .Query<(string State, int Count)>("SELECT state, count(*) FROM training_runs GROUP BY state", transaction: transaction)
        .ToDictionary(row => row.State, row => row.Count, StringComparer.Ordinal);
}
