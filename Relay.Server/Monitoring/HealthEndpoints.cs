using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Data.Sqlite;
using Relay.Server.Http.Problems;
using Relay.Server.Repository;
using Relay.Server.Storage;

namespace Relay.Server.Monitoring;

internal static partial class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live);
        app.MapGet("/health/ready", Ready);
    }

    private static Ok<Health> Live() => TypedResults.Ok(new Health("live", []));

    private static Results<Ok<Health>, ProblemHttpResult> Ready(
        RelayDatabase database, RepositoryCache repository, TrustOverview trust, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            using SqliteConnection connection = database.Open();
            connection.ExecuteScalar<long>("SELECT count(*) FROM models");
            return repository.Read().Timestamp.Expires > time.GetUtcNow()
                ? TypedResults.Ok(new Health("ready", trust.Warnings()))
                : RelayProblems.Problem(
                    503, "not-ready", "The signed metadata has expired: look in the log for why it was not signed again.");
        }
        catch (Exception e) when (e is SqliteException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            LogNotReady(loggers.CreateLogger(typeof(HealthEndpoints)), e);
            return RelayProblems.Problem(503, "not-ready", "The data folder cannot be read; the log says why.");
        }
    }

    [LoggerMessage(1002, LogLevel.Error, "The data folder cannot be read")]
    private static partial void LogNotReady(ILogger log, Exception exception);
}

/// <param name="Status">live or ready.</param>
/// <param name="Warnings">What expires before long if nobody acts, in words.</param>
internal sealed record Health(string Status, IReadOnlyList<string> Warnings);
