using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;

namespace Relay.Server.Cli.Status;

/// <summary><c>relay status</c>: the state of a relay, what waits for a person, and the reports of its nodes.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Option<bool> json = new("--json") { Description = "Prints all of it as one line of JSON." };
        Command command = new(
            "status", "Shows the models, runs, channels, pending signatures, revoked versions, expiries and nodes of a running relay.")
        {
            json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            StatusReport report = await new StatusReader(relay, TimeProvider.System).ReadAsync(cancellationToken);
            IEnumerable<string> lines = parsed.GetValue(json)
                ? [JsonSerializer.Serialize(report, StatusJson.Default.StatusReport)]
                : StatusText.Lines(report);
            foreach (string line in lines)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }
}
