using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Runs;

/// <summary><c>relay runs</c>: the training runs of a relay.</summary>
internal static class RunsCommand
{
    public static Command Create() => new("runs", "Shows, cancels and deletes training runs. 'relay train' and 'relay import' start them.")
    {
        CreateList(), RunShowCommand.Create(), RunLogCommand.Create(), CreateCancel(), CreateDelete(),
    };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--model", "model", "Only runs of this model.", "name");
        filters.AddText("--dataset", "dataset", "Only runs that train on this dataset.", "name");
        filters.AddWord("--state", "state", "Only runs in this state.", [.. Enum.GetValues<TrainingRunState>().Select(RunText.Describe)]);
        filters.AddInstant("--since", "since", "Only runs that were queued from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Only runs that were queued before this time.");
        return ListCommand.Create(
            "list", "Lists training runs, the newest first.", Routes.TrainingRuns, filters, RelayApiJson.Default.PageTrainingRun, RunText.Summarize);
    }

    private static Command CreateCancel()
    {
        Argument<long[]> ids = new("id") { Description = "The numbers of runs." };
        return EachCommand.Create("cancel", "Cancels training runs.", AccessPolicies.Train, ids, async (relay, id, cancellationToken) =>
        {
            TrainingRun run = await relay.Client.TrainingRuns.CancelAsync(id, cancellationToken);
            return DisplayText.Format(
                $"Run {run.Id} {(run.State is TrainingRunState.Running ? "ends within a second" : $"is {RunText.Describe(run.State)}")}.");
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
}
