using System.CommandLine;
using System.Globalization;
using Relay.Server.Cli.Versions;
using Relay.Server.Http.Access;
using Relay.Server.Rollouts;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay rollout</c>: gives a release to more and more nodes, and takes it back when it does harm.</summary>
internal static class RolloutCommand
{
    public static Command Create() =>
        new("rollout", "Rolls a release out in stages, compares it with the one before, and takes it back when it does harm.")
    {
        CreateStart(),
        CreateStatus(),
        CreateChange("pause", "Reaches no more nodes until it is resumed. A harmful release is taken back all the same."),
        CreateChange("resume", "Goes on with a paused rollout."),
        CreateChange("skip", "Goes on to the next stage now, without a verdict."),
        CreateChange("halt", "Ends a rollout: all nodes go back to the release before, in one step."),
        CreateHistory(),
    };

    private static Command CreateStart()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string[]> models = new("model") { Description = VersionArgument.Description, Arity = ArgumentArity.ZeroOrMore };
        Option<string> channel = new("--channel") { Description = "The channel.", HelpName = "name", DefaultValueFactory = _ => "stable" };
        Option<int?> release = new("--release") { Description = "An existing release, instead of models.", HelpName = "number" };
        Option<FileInfo?> rule = new("--rule") { Description = "A JSON file with the rule; what it lacks has its default.", HelpName = "file" };
        Option<string?> stages =
            new("--stages") { Description = "The percentages of the stages, instead of those of the rule. Default: 1,10,50,100.", HelpName = "list" };
        Option<bool> schemaChange =
            new("--schema-change") { Description = "Starts although inputs, classes or task of a model differ from what the channel runs." };
        Command command = new("start", "Starts a rollout of model versions as a new release, or of an existing release.")
        {
            models, channel, release, rule, stages, schemaChange,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            RolloutRuleView? view = parsed.GetValue(rule) is { } file ? await RolloutRuleFile.ReadAsync(file, cancellationToken) : null;
            if (parsed.GetValue(stages) is { } listed)
            {
                view = (view ?? new()) with { Stages = ReadStages(listed, view?.Stages) };
            }

            IReadOnlyList<ModelVersion> versions = await VersionArgument.ResolveAllAsync(
                relay, parsed.GetValue(models) ?? [], parsed.InvocationConfiguration.Error, cancellationToken);
            RolloutView started = await relay.Client.Rollouts.StartAsync(
                new RolloutRequest
                {
                    Channel = parsed.GetValue(channel)!,
                    Release = parsed.GetValue(release),
                    Models = versions.Count > 0 ? versions : null,
                    SchemaChange = parsed.GetValue(schemaChange),
                    Rule = view,
                },
                cancellationToken);
            await RolloutText.WriteAsync(parsed.InvocationConfiguration.Output, started);
            return 0;
        });
        return command;
    }

    private static Command CreateStatus()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<long?> id = new("id") { Description = "The number of a rollout; without one, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        ListFilters filters = new();
        filters.AddText("--channel", "channel", "Of the list, only rollouts on this channel.", "name");
        filters.AddWord("--status", "status", "Of the list, only rollouts with this status.", [.. RolloutViews.Statuses]);
        filters.AddInstant("--since", "since", "Of the list, only rollouts that began from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Of the list, only rollouts that began before this time.");
        Command command = new("status", "Shows a rollout with its evidence, or lists all, the newest first.") { id };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(id) is { } one)
            {
                GivenOptions.Refuse(parsed, filters.Options, "is for the list of rollouts: leave out the number, or the option");
                await RolloutText.WriteAsync(
                    output, await relay.Client.Rollouts.FindAsync(one, cancellationToken));
                return 0;
            }

            int rollouts = await relay.WriteListAsync(
                filters.ToPath(parsed, Routes.Rollouts), RelayApiJson.Default.PageRolloutView, RolloutText.Describe, output, cancellationToken);
            if (rollouts == 0)
            {
                await output.WriteLineAsync(filters.AreGiven(parsed) ? "No rollout fits." : "There is no rollout yet.");
            }

            return 0;
        });
        return command;
    }

    private static Command CreateChange(string name, string description)
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<long> id = new("id") { Description = "The number of the rollout." };
        Command command = new(name, description) { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            RolloutView rollout = await relay.PostAsync(
                $"{Routes.RolloutOf(parsed.GetValue(id))}/{name}", RelayApiJson.Default.RolloutView, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(RolloutText.Describe(rollout));
            return 0;
        });
        return command;
    }

    private static Command CreateHistory()
    {
        Argument<long> id = new("id") { Description = "The number of the rollout." };
        return ListCommand.Create(
            "history", "Lists what happened to a rollout, the oldest first.", [id],
            parsed => $"{Routes.RolloutOf(parsed.GetValue(id))}/history", new ListFilters(), RelayApiJson.Default.PageRolloutEventView,
            happened => DisplayText.Format($"{happened.At:u}  {happened.Kind.PadRight(10)}  {happened.Who.PadRight(20)}  {happened.Detail}"));
    }

    private static IReadOnlyList<RolloutStageView> ReadStages(string text, IReadOnlyList<RolloutStageView>? times) =>
    [
        .. text.Split(',').Select(
            (part, i) => double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percentage)
            ? new RolloutStageView(percentage, times?.ElementAtOrDefault(i)?.MinSeconds, times?.ElementAtOrDefault(i)?.MaxSeconds)
            : throw new CommandException($"--stages takes percentages such as 1,10,50,100, and '{part}' is none.")),
    ];
}
