using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay runs</c>: the training runs of a relay.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "Lists, cancels and deletes training runs. 'relay train' and 'relay import' start them.")
    {
        CreateList(), CreateCancel(), CreateDelete(),
    };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--model", "model", "Only runs of this model.", "name");
        filters.AddWord("--state", "state", "Only runs in this state.", [.. Enum.GetValues<TrainingRunState>().Select(Describe)]);
        filters.AddInstant("--since", "since", "Only runs that were queued from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Only runs that were queued before this time.");
        return ListCommand.Create(
            "list", "Lists training runs, the newest first.", Routes.TrainingRuns, filters, RelayApiJson.Default.PageTrainingRun, Describe);
    }

    private static Command CreateCancel()
    {
        Argument<long[]> ids = new("id") { Description = "The numbers of runs." };
        return EachCommand.Create("cancel", "Cancels training runs.", AccessPolicies.Train, ids, async (relay, id, cancellationToken) =>
        {
            TrainingRun run = await relay.Client.TrainingRuns.CancelAsync(id, cancellationToken);
            return DisplayText.Format(
                $"Run {run.Id} {(run.State is TrainingRunState.Running ? "ends within a second" : $"is {Describe(run.State)}")}.");
        });
    }

    private static Command CreateDelete()
    {
        Argument<long[]> ids = new("id") { Description = "The numbers of runs that have ended." };
        return EachCommand.Create(
            "delete", "Deletes training runs that have ended and have no version.", AccessPolicies.Operate, ids,
            async (relay, id, cancellationToken) =>
            {
                await relay.Client.TrainingRuns.DeleteAsync(id, cancellationToken);
                return DisplayText.Format($"Run {id} is deleted.");
            });
    }

    private static string Describe(TrainingRunState state) => state.ToString().ToLowerInvariant();

    private static string Describe(TrainingRun run) => DisplayText.Format($"{run.Id}: {run.Model}, {Describe(run.State)}")
        + (run.Version is { } version ? DisplayText.Format($", version {version}") : "")
        + (run.Stage is { } stage ? DisplayText.Format($", {stage}") : "")
        + (run.Problem is { } problem ? DisplayText.Format($", {problem.Fault}: {problem.Detail}") : "");
}
