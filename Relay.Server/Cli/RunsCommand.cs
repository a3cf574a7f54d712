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
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<long[]> ids = new("id") { Description = "The numbers of runs.", Arity = ArgumentArity.OneOrMore };
        Command command = new("cancel", "Cancels training runs.") { ids };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            foreach (long id in parsed.GetValue(ids)!)
            {
                TrainingRun run = await relay.Client.TrainingRuns.CancelAsync(id, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format(
                    $"Run {run.Id} {(run.State is TrainingRunState.Running ? "ends within a second" : $"is {Describe(run.State)}")}."));
            }

            return 0;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<long[]> ids = new("id") { Description = "The numbers of runs that have ended.", Arity = ArgumentArity.OneOrMore };
        Command command = new("delete", "Deletes training runs that have ended and that no version is of.") { ids };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            foreach (long id in parsed.GetValue(ids)!)
            {
                await relay.Client.TrainingRuns.DeleteAsync(id, cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Run {id} is deleted."));
            }

            return 0;
        });
        return command;
    }

    private static string Describe(TrainingRunState state) => state.ToString().ToLowerInvariant();

    private static string Describe(TrainingRun run) => DisplayText.Format($"{run.Id}: {run.Model}, {Describe(run.State)}")
        + (run.Version is { } version ? DisplayText.Format($", version {version}") : "")
        + (run.Stage is { } stage ? DisplayText.Format($", {stage}") : "")
        + (run.Problem is { } problem ? DisplayText.Format($", {problem.Fault}: {problem.Detail}") : "");
}
