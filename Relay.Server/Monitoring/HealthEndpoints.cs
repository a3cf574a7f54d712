using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.ObjectStore;
using Relay.Server.Repository;
using Relay.Server.Storage;

namespace Relay.Server.Monitoring;

internal static partial class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live).WithSummary("Says that the process answers").RequireAuthorization(AccessPolicies.Open);
        app.MapGet("/health/ready", Ready).WithSummary("Says whether the relay can do its work").RequireAuthorization(AccessPolicies.Open);
    }

    private static Ok<Health> Live() => TypedResults.Ok(new Health("live", []));

    private static Results<Ok<Health>, ProblemHttpResult> Ready(
        RelayDatabase database, StorageHealth storage, IntactFiles files, RepositoryCache repository, TrustOverview trust,
        TimeProvider timeProvider, ILoggerFactory loggers, IServiceProvider services)
    {
        try
        {
            if (storage.FindProblem() is var problem && problem != StorageProblem.None)
            {
                return HealthProblems.StorageFailing(problem);
            }

            database.CheckReadable();
            return repository.Read().Timestamp.Expires > timeProvider.GetUtcNow()
                ? TypedResults.Ok(new Health("ready", [.. trust.Warnings(), .. Damage(files), .. Behind(services.GetService<CopyStatus>())]))
                : HealthProblems.MetadataExpired();
        }
        catch (Exception e)
        {
            LogNotReady(loggers.CreateLogger(typeof(HealthEndpoints)), e);
            return HealthProblems.DataUnreadable();
        }
    }

    private static IEnumerable<string> Damage(IntactFiles files) => files.Damaged.Count is > 0 and var count
        ? [$"{count} files that nodes read are damaged: the log names each where it was asked for"]
        : [];

    // A warning: the relay itself serves all that the copy lacks.
    private static IEnumerable<string> Behind(CopyStatus? copy) => copy?.State switch
    {
        { Problem: not null } => ["the copy in the object store is behind: relay status says why"],
        { Conflicts.Count: > 0 and var count } =>
            [$"{count} files of the copy in the object store are not those of the relay: relay status names them"],
        _ => [],
    };

    [LoggerMessage(1002, LogLevel.Error, "The relay cannot read its data folder")]
    private static partial void LogNotReady(ILogger log, Exception exception);
}

/// <param name="Status">live or ready.</param>
/// <param name="Warnings">What expires before long unless an operator renews it, one sentence each.</param>
internal sealed record Health(string Status, IReadOnlyList<string> Warnings);
