using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay dataset export</c>.</summary>
internal static class ExportCommand
{
    private static readonly string[] Formats = ["csv", "ndjson", "parquet"];

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> name = DatasetArguments.Name();
        Option<string> file = new("--output") { Description = "The file to write.", HelpName = "file", Required = true };
        Option<string?> format = new("--format") { Description = "Default: by the ending of --output.", HelpName = "format" };
        format.AcceptOnlyFromAmong(Formats);
        Option<long?> position = new("--position")
        {
            Description = "Leaves out samples and labels with a higher number than this. Default: none.",
            HelpName = "number",
        };
        Option<bool> json = DatasetArguments.Json();
        Command command = new("export", "Writes the samples of a dataset into a file, in the order in which they came.")
        {
            name, file, format, position, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(file)!;
            string form = parsed.GetValue(format) ?? Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
            if (!Formats.Contains(form))
            {
                throw new CommandException(DisplayText.Format($"{path}: expected an ending of {string.Join(", ", Formats)}, or --format"));
            }

            using RelayApi relay = connection.Open(parsed, RelayApi.TransferTime);
            string query = parsed.GetValue(position) is { } at ? FormattableString.Invariant($"&position={at}") : "";
            (long bytes, string sha256) = await relay.DownloadFileAsync(
                Routes.ExportOf(parsed.GetValue(name)!, form) + query, path, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json)
                ? $$"""{"bytes":{{bytes}},"sha256":"{{sha256}}"}"""
                : DisplayText.Format($"Wrote {bytes} bytes, sha256 {sha256}"));
            return 0;
        });
        return command;
    }
}
