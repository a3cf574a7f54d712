using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Shared.Contracts.Api;

namespace Relay.Server.Training.Records;

/// <summary>Gives the log and the curve of a run, while it trains and after its end.</summary>
internal static class RunRecordEndpoints
{
    private const string Run = Routes.TrainingRuns + "/{id:long}";

    public static void Map(IEndpointRouteBuilder app)
    {
        RouteGroupBuilder run = app.MapGroup(Run).RequireAuthorization(AccessPolicies.Audit);
        run.MapGet("curve", FindCurve).WithSummary("Reads the losses of a training run, iteration by iteration");
        run.MapGet("log", FindLog).WithSummary("Reads what a training run did, a line for each step");
    }

    private static Results<Ok<TrainingCurve>, ProblemHttpResult> FindCurve(long id, TrainingRunStore runs, RunFiles files) =>
        runs.Find(id) is { } run ? TypedResults.Ok(files.ReadCurve(run.Id, run.CreatedAt)) : TrainingProblems.UnknownRun(id);

    private static Results<ContentHttpResult, ProblemHttpResult> FindLog(
        long id, int? after, TrainingRunStore runs, RunFiles files, HttpResponse response)
    {
        if (after < 0)
        {
            return RelayProblems.InvalidFilter(nameof(after), "a number of lines, 0 or more");
        }

        if (runs.Find(id) is not { } run)
        {
            return TrainingProblems.UnknownRun(id);
        }

        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(files.ReadLog(run, after ?? 0), MediaTypeNames.Text.Plain, Encoding.UTF8);
    }
}
