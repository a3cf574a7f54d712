using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Runs;

/// <summary><c>relay runs show</c>: a training run with its curve.</summary>
internal static class RunShowCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<long> id = new("id") { Description = "The number of the run." };
        Option<bool> json = new("--json") { Description = "Prints the run and its curve, each as one line of JSON." };
        Command command = new("show", "Shows a training run: its state, its rows, its gates, and the validation loss after its iterations.")
        {
            id, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            TrainingRun run = await relay.Client.TrainingRuns.FindAsync(parsed.GetValue(id), cancellationToken);
            TrainingCurve curve = await relay.Client.TrainingRuns.FindCurveAsync(run.Id, cancellationToken);
            IEnumerable<string> lines = parsed.GetValue(json)
                ?
                [
                    JsonSerializer.Serialize(run, RelayApiJson.Default.TrainingRun),
                    JsonSerializer.Serialize(curve, RelayApiJson.Default.TrainingCurve),
                ]
                : RunText.Describe(run, curve);
            foreach (string line in lines)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }
}
