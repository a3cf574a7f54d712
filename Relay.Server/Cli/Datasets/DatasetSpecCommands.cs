using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay dataset create</c>, <c>update</c>, <c>list</c> and <c>show</c>.</summary>
internal static class DatasetSpecCommands
{
    public static Command CreateCreate() => CreateFromFile(
        "create", "Creates a dataset from a JSON file with its columns, labels and limits.",
        (relay, spec, cancellationToken) => relay.Client.Datasets.CreateAsync(spec, cancellationToken));

    public static Command CreateUpdate() => CreateFromFile(
        "update", "Changes the limits of a dataset, and which columns nodes may send. Columns and labels stay as they are; classes may be added.",
        (relay, spec, cancellationToken) => relay.Client.Datasets.PutAsync(spec.Name, spec, cancellationToken));

    public static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddText("--name", "name", "Only datasets whose name contains this.", "text");
        return ListCommand.Create(
            "list", "Lists the datasets with their counts.", Routes.Datasets, filters, RelayApiJson.Default.PageDatasetView, DatasetText.Summarize);
    }

    public static Command CreateShow()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> name = DatasetArguments.Name();
        Option<bool> json = DatasetArguments.Json();
        Command command = new("show", "Shows a dataset: columns, limits, samples by label, how many rows were sent, and who sent them.")
        {
            name, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            DatasetView dataset = await relay.Client.Datasets.FindAsync(parsed.GetValue(name)!, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (string line in parsed.GetValue(json)
                ? [DatasetArguments.ToLine(dataset, RelayApiJson.Default.DatasetView)]
                : DatasetText.Describe(dataset))
            {
                await output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static Command CreateFromFile(
        string name, string description, Func<RelayApi, DatasetSpec, CancellationToken, Task<DatasetView>> send)
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> file = new("file") { Description = "The JSON file." };
        Option<bool> json = DatasetArguments.Json();
        Command command = new(name, description) { file, json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DatasetSpec spec = await ReadAsync(parsed.GetValue(file)!, cancellationToken);
            using RelayApi relay = connection.Open(parsed);
            DatasetView dataset = await send(relay, spec, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                parsed.GetValue(json) ? DatasetArguments.ToLine(dataset, RelayApiJson.Default.DatasetView) : DatasetText.Summarize(dataset));
            return 0;
        });
        return command;
    }

    private static async Task<DatasetSpec> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            // As strict as the relay: a member that is misspelled would be lost.
            DatasetSpec spec = JsonSerializer.Deserialize<DatasetSpec>(
                await File.ReadAllBytesAsync(path, cancellationToken), StrictJson.Options)
                ?? throw new CommandException(DisplayText.Format($"{path}: null, expected an object"));
            return DatasetRules.FirstProblem(spec) is { } problem
                ? throw new CommandException(
                    DisplayText.Format($"{path}, {problem.Path}: found {problem.Found}, expected {problem.Expected}"))
                : spec;
        }
        catch (JsonException e)
        {
            throw new CommandException(DisplayText.Format($"{path}, {JsonErrorText.Describe(e)}"));
        }
    }
}
