using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay trigger</c>: what starts training runs of a running relay by itself.</summary>
internal static class TriggerCommand
{
    private const string TimeFormat = "HH:mm";

    private static readonly NumberedChange Change = new("Trigger", AccessPolicies.Train, Routes.TriggerOf);

    public static Command Create() => new("trigger", "Starts training runs by itself: daily, after enough new samples, or when samples drift.")
    {
        CreateCreate(), CreateList(),
        Change.Create("pause", "Pauses triggers: they start nothing until 'resume'.", "/pause", "paused"),
        Change.Create("resume", "Ends the pause of triggers.", "/resume", "no longer paused"),
        Change.Create("delete", "Deletes triggers. Runs that they started go on.", null, "deleted"),
    };

    private static Command CreateCreate()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> model = new("model") { Description = "The name of a model." };
        Option<string?> dataset = new("--dataset") { Description = "The dataset of the relay to train from.", HelpName = "name" };
        Option<string?> train = new("--train") { Description = "The training file in the relay's datasets folder; with --daily.", HelpName = "file" };
        Option<string?> test = new("--test") { Description = "The file with the held-out rows.", HelpName = "file" };
        Option<string?> daily = new("--daily") { Description = "Each day at this time in UTC, such as 03:00.", HelpName = "time" };
        Option<long?> samples = new("--new-samples")
        {
            Description = "When the dataset has as many samples and labels more than at the last run.",
            HelpName = "count",
        };
        Option<double?> drift = new("--drift")
        {
            Description = "When the population stability index of a column since the last run is above this, such as 0.25.",
            HelpName = "number",
        };
        Option<bool> json = DatasetArguments.Json();
        Command command = new("create", "Creates a trigger; set one of --daily, --new-samples and --drift.")
        {
            model, dataset, train, test, daily, samples, drift, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TrainingDataSource data = new()
            {
                Train = parsed.GetValue(train),
                Test = parsed.GetValue(test),
                Dataset = parsed.GetValue(dataset) is { } name ? new DatasetRows(name) : null,
            };
            TriggerRule rule = new()
            {
                DailyAt = parsed.GetValue(daily) is { } text ? ReadTime(text) : null,
                NewSamples = parsed.GetValue(samples),
                Drift = parsed.GetValue(drift),
            };
            using RelayApi relay = connection.Open(parsed);
            TrainingTriggerView created = await relay.Client.Triggers.CreateAsync(
                new TrainingTriggerRequest(parsed.GetValue(model)!, data, rule), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                parsed.GetValue(json) ? DatasetArguments.ToLine(created, RelayApiJson.Default.TrainingTriggerView) : Describe(created));
            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--model", "model", "Only triggers of this model.", "name");
        filters.AddText("--dataset", "dataset", "Only triggers that train on this dataset.", "name");
        filters.AddWord("--paused", "paused", "Only paused triggers, or no others.", "true", "false");
        return ListCommand.Create(
            "list", "Lists the triggers and the runs that they last started.", Routes.Triggers, filters,
            RelayApiJson.Default.PageTrainingTriggerView, Describe);
    }

    private static TimeOnly ReadTime(string text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? time
            : throw new CommandException(DisplayText.Format($"--daily takes a time such as 03:00, and not '{text}'"));

    private static string Describe(TrainingTriggerView trigger)
    {
        string rows = trigger.Data.Dataset is { } dataset ? $"dataset {dataset.Name}" : $"file {trigger.Data.Train}";
        string rule = trigger.Rule.DailyAt is { } time ? $"daily at {time.ToString(TimeFormat, CultureInfo.InvariantCulture)} UTC"
            : trigger.Rule.NewSamples is { } samples ? FormattableString.Invariant($"after {samples} new samples")
            : FormattableString.Invariant($"at a drift above {trigger.Rule.Drift}");
        string last = trigger.Run is { } run ? FormattableString.Invariant($"run {run} at {trigger.FiredAt:u}") : "no run yet";
        return DisplayText.Format(
            $"{trigger.Id}: {trigger.Model} from {rows}, {rule}; {last}{(trigger.IsPaused ? ", PAUSED" : "")}");
    }
}
