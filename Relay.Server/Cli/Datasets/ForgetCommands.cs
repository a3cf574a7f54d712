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

            // Before the first request: a wrong id in the last one would leave the others half done.
            if (all.FirstOrDefault(id => !RelayName.IsValidNode(id)) is { } wrong)
            {
                throw new CommandException(DisplayText.Format($"Nothing was deleted: '{wrong}' is no id, expected {RelayName.NodeRule}"));
            }

            // The relay writes the dataset anew once, which takes a while where it is large.
            using RelayApi relay = connection.Open(parsed, RelayApi.TransferTime);
            ForgetReport sum = new(0, 0, true);
            foreach (ForgetRequest request in CreateRequests(all, parsed.GetValue(source)))
            {
                ForgetReport report = await relay.Client.Datasets.ForgetAsync(parsed.GetValue(name)!, request, cancellationToken);
                sum = new(sum.Forgotten + report.Forgotten, sum.Unknown + report.Unknown, report.Purged)
                {
                    NeverThere = sum.NeverThere + report.NeverThere,
                };
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(parsed.GetValue(json)
                ? DatasetArguments.ToLine(sum, RelayApiJson.Default.ForgetReport)
                : DisplayText.Format(
                    $"{sum.Forgotten} samples are deleted, {sum.Unknown} were not there; none is taken again. "
                    + $"{(sum.NeverThere > 0 ? $"{sum.NeverThere} never were: check how they are written. " : "")}"
                    + $"{(sum.Purged ? "No byte of them is left in the files of the relay." : Remains)}"));
            return sum.NeverThere > 0 ? CommandLine.Failed : 0;
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
            await relay.Client.Datasets.DeleteAsync(parsed.GetValue(name)!, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Dataset {parsed.GetValue(name)} is deleted."));
            return 0;
        });
        return command;
    }

    /// <summary>The requests for ids that one cannot have all, or for a source.</summary>
    internal static IEnumerable<ForgetRequest> CreateRequests(string[] ids, string? source)
    {
        if (source is not null)
        {
            return [new ForgetRequest([]) { Source = source }];
        }

        ForgetRequest[] parts = [.. ids.Chunk(SampleBounds.Ids).Select(part => new ForgetRequest(part) { HasMore = true })];
        parts[^1] = parts[^1] with { HasMore = false };
        return parts;
    }
}
