using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Storage;

namespace Relay.Server.Http.Problems;

/// <summary>Why a relay is not ready.</summary>
internal static class HealthProblems
{
    private const string NotReady = "not-ready";

    public static ProblemHttpResult MetadataExpired() => RelayProblems.Problem(
        503, NotReady, "The signed metadata has expired: the log has the reason why it was not signed again.");

    public static ProblemHttpResult StorageFailing(StorageProblem problem) => RelayProblems.Problem(503, NotReady, problem switch
    {
        StorageProblem.DiskFull => "The disk of the data folder is full: free space. The relay goes on by itself.",
        StorageProblem.DatabaseDamaged => "The database is damaged: stop the relay and restore relay.db from a backup.",
        StorageProblem.DatabaseUnreachable =>
            "The server of the database does not answer, or another relay has the database: the log has the cause. The relay goes on by itself.",
        _ => "The relay cannot write to its data folder: the log has the cause.",
    });

    public static ProblemHttpResult DataUnreadable() => RelayProblems.Problem(
        503, NotReady, "The relay cannot read its data folder: the log has the cause.");
}
