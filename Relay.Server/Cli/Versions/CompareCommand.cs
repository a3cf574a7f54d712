using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay compare</c>: what differs between two versions of a model.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> version = new("version") { Description = VersionArgument.Description };
        Argument<string> with = new("with") { Description = "The version of the same model to compare with, in the same forms." };
        Option<bool> json = new("--json") { Description = "Prints all of it as one line of JSON." };
        Command command = new("compare", "Compares two versions of a model by their cards: quality, data, columns, parameters, importance, gates.")
        {
            version, with, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            ModelVersion first = await VersionArgument.ResolveAsync(relay, parsed.GetValue(version)!, streams.Error, cancellationToken);
            ModelVersion second = await VersionArgument.ResolveAsync(relay, parsed.GetValue(with)!, streams.Error, cancellationToken);
            if (first.Name != second.Name)
            {
                throw new CommandException(DisplayText.Format($"{first.Name} and {second.Name} are two models: name two versions of one."));
            }

            VersionComparison comparison = await relay.Client.Versions.CompareAsync(
                first.Name, first.Version, second.Version, cancellationToken);
            IEnumerable<string> lines = parsed.GetValue(json)
                ? [JsonSerializer.Serialize(comparison, RelayApiJson.Default.VersionComparison)]
                : ComparisonText.Lines(comparison);
            foreach (string line in lines)
            {
                await streams.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }
}
