using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task Health_ByTheStateOfTheRelay_SaysItAndExits()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        string[] command = ["health", "--port", relay.Address.Port.ToString(), "--address", "127.0.0.1"];

        RelayCommandRun ready = await RelayCommandRun.RunAsync(command);
        string timestamp = Path.Combine(relay.DataFolder, "repository", "metadata", "timestamp.json");
        File.Move(timestamp, timestamp + ".away");
        RelayCommandRun damaged = await RelayCommandRun.RunAsync(command);
        File.Move(timestamp + ".away", timestamp);
        await relay.StopAsync();
        RelayCommandRun stopped = await RelayCommandRun.RunAsync(command);

        Assert.Equal((0, "The relay is ready."), (ready.Code, ready.Output.Trim()));
        Assert.Equal((1, 1), (damaged.Code, stopped.Code));
        Assert.StartsWith("The relay is not ready: ", damaged.Error, StringComparison.Ordinal);
        Assert.StartsWith("relay: ", stopped.Error, StringComparison.Ordinal);
    }
}
