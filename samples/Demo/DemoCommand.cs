using System.CommandLine;
using System.Text.Json;
using Relay.AdminClient;
using Relay.Server.Cli;
using Relay.Training;
using Shared.Contracts.Api;
using SimulatedFleet;

namespace Demo;

/// <summary>The whole chain on this machine, with a relay and a protected site as processes of their own.</summary>
internal static class DemoCommand
{
    public static RootCommand Create()
    {
        Option<bool> once = new("--once") { Description = "Runs the whole loop once, checks every step, and ends with one line of JSON." };
        Option<string?> data = new("--data") { Description = "Training data, a folder or a CSV file; default: simulated HTTP traffic." };
        Option<int> port = new("--port") { Description = "The relay's port.", DefaultValueFactory = _ => Routes.DefaultPort };
        Option<int> sitePort = new("--site-port") { Description = "The protected site's port.", DefaultValueFactory = _ => 8080 };

        RootCommand command =
            new("Demonstrates the whole chain: train, sign, serve, sync, verify, try out, swap, fall back.") { once, data, port, sitePort };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(once), parsed.GetValue(data), parsed.GetValue(port), parsed.GetValue(sitePort),
            parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool once, string? data, int port, int sitePort, TextWriter output, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("relay-demo-");
        try
        {
            DemoModel model = DemoModel.Open(data, cancellationToken);
            (int relayPort, int webPort) = once ? (FreePort.Find(), FreePort.Find()) : (port, sitePort);
            await using DemoStage stage = new(model, folder.FullName, relayPort, webPort, new ProgressWriter(output));
            if (!once)
            {
                try
                {
                    await new LiveDemo(stage, TimeProvider.System).RunAsync(cancellationToken);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    // Ctrl-C is the expected end.
                    stage.Progress.WriteLine("end      relay and site are stopped, and their folder is removed");
                }

                return 0;
            }

            DemoReport report = await new RoundTrip(stage).RunAsync(cancellationToken);
            await output.WriteLineAsync(JsonSerializer.Serialize(report, DemoJson.Default.DemoReport));
            return report.Ok ? 0 : 1;
        }
        catch (Exception e) when (e is DemoException or FleetException or TrainingException or RelayException)
        {
            await output.WriteLineAsync(e.Message);
            if (once)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(new DemoFailure(false, e.Message), DemoJson.Default.DemoFailure));
            }

            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
