using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Cli.Datasets;

/// <summary><c>relay dataset forget</c> and <c>relay dataset delete</c>.</summary>
internal static class ForgetCommands
{
    private const string Remains =
        "Bytes of them are left: an export, an upload, a backup or a training run that began earlier has a copy until it ends, or the disk has "
        + "no room to write the dataset anew, which the relay tries again each hour. Give the command once more to see how it stands.";

    public static Command CreateForget()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> name = DatasetArguments.Name();
        Argument<string[]> ids = new("id") { Description = "The ids of samples.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> file = new("--ids") { Description = "A file with one id in each line.", HelpName = "file" };
        Option<string?> source = new("--source")
        {
            Description = "Who sent them, as 'relay dataset show' names it, such as node:web-1: all its samples and labels.",
            HelpName = "name",
        };
        Option<bool> json = DatasetArguments.Json();
        Command command = new("forget", "Deletes samples with their labels, overwrites their bytes, and takes them never again.")
        {
            name, ids, file, source, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] lines = parsed.GetValue(file) is { } path ? await File.ReadAllLinesAsync(path, cancellationToken) : [];
            string[] all = [.. (parsed.GetValue(ids) ?? []).Concat(lines.Select(line => line.Trim())).Where(id => id.Length > 0)];
            if (all.Length == 0 == parsed.GetValue(source) is null)
            {
                throw new CommandException("Name the ids of samples, or a file with them by --ids; or who sent them by --source.");
            }

            ForgetRequest[] requests = parsed.GetValue(source) is { } sender
                ? [new ForgetRequest([]) { Source = sender }]
                : [.. all.Chunk(SampleBounds.Ids).Select(part => new ForgetRequest(part))];

            using RelayApi relay = connection.Open(parsed);
            ForgetReport sum = new(0, 0, true);
            foreach (ForgetRequest request in requests)
            {
                ForgetReport report = await relay.PostAsync(
                    Routes.ForgetOf(parsed.GetValue(name)!), request, RelayApiJson.Default.ForgetRequest,
                    RelayApiJson.Default.ForgetReport, cancellationToken);
                sum = new(sum.Forgotten + report.Forgotten, sum.Unknown + report.Unknown, report.Purged);
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json)
                ? DatasetArguments.ToLine(sum, RelayApiJson.Default.ForgetReport)
                : DisplayText.Format(
                    $"{sum.Forgotten} samples are deleted, {sum.Unknown} were not there; none is taken again. "
                    + $"{(sum.Purged ? "No byte of them is left in the files of the relay." : Remains)}"));
            return 0;
        });
        return command;
    }

    public static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Train);
        Argument<string> name = DatasetArguments.Name();
        Command command = new("delete", "Deletes a dataset with all samples and the key of its hashes.") { name };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.DeleteAsync(Routes.DatasetOf(parsed.GetValue(name)!), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Dataset {parsed.GetValue(name)} is deleted."));
            return 0;
        });
        return command;
    }
}
