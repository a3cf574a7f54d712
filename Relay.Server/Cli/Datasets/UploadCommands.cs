using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay dataset upload</c> and <c>relay dataset label</c>.</summary>
internal static class UploadCommands
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = SampleBounds.CsvType,
        [".ndjson"] = SampleBounds.NdjsonType,
        [".jsonl"] = SampleBounds.NdjsonType,
        [".parquet"] = SampleBounds.ParquetType,
    };

    public static Command CreateUpload() => Create(
        "upload", "Sends samples, each with an id. To send a file again adds none of them twice.", Routes.SamplesOf);

    public static Command CreateLabel() => Create(
        "label", "Sends labels: the columns id, of a sample, and label. The last label that you send for a sample is your vote.", Routes.LabelsOf);

    private static Command Create(string name, string description, Func<string, string> route)
    {
        RelayConnection connection = new(AccessPolicies.Contribute);
        Argument<string> dataset = DatasetArguments.Name();
        Argument<string> file = new("file") { Description = $"A file of rows: {string.Join(", ", Types.Keys)}." };
        Option<bool> json = DatasetArguments.Json();
        Command command = new(name, description) { dataset, file, json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!;
            if (!Types.TryGetValue(Path.GetExtension(path), out string? type))
            {
                throw new CommandException(DisplayText.Format($"{path}: expected a file that ends with {string.Join(", ", Types.Keys)}"));
            }

            using RelayApi relay = connection.Open(parsed, RelayApi.TransferTime);
            await using FileStream content = File.OpenRead(path);
            UploadReport report = await relay.PostStreamAsync(
                route(parsed.GetValue(dataset)!), content, type, RelayApiJson.Default.UploadReport, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (string line in parsed.GetValue(json)
                ? [DatasetArguments.ToLine(report, RelayApiJson.Default.UploadReport)]
                : Describe(report))
            {
                await output.WriteLineAsync(line);
            }

            return report.Refused == 0 && report.Stopped is null ? 0 : CommandLine.Failed;
        });
        return command;
    }

    private static IEnumerable<string> Describe(UploadReport report)
    {
        yield return DisplayText.Format(
            $"{report.Accepted} accepted, {report.Duplicates} there already, {report.Refused} refused, {report.Conflicts} contradict an earlier "
            + $"label, {report.Waiting} wait for their sample");
        foreach (SampleFault fault in report.Faults)
        {
            string column = fault.Column is { } name ? $", column '{name}'" : "";
            yield return DisplayText.Format($"  line {fault.Line}{column}: {fault.Reason}, {fault.Detail}");
        }

        if (report.Refused > report.Faults.Count)
        {
            yield return DisplayText.Format($"  and {report.Refused - report.Faults.Count} more");
        }

        if (report.Stopped is { } stopped)
        {
            yield return DisplayText.Format($"The rest was not read: {stopped}");
        }
    }
}
