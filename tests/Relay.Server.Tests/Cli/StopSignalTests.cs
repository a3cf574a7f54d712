using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class StopSignalTests
{
    /// <summary>HUP is what a process gets whose terminal is closed.</summary>
    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Serve_SignalToStop_EndsByItselfAndNotByTheSignal(string signal)
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();

        int code = await relay.StopAsync(signal);

        Assert.Equal(0, code);
    }
}
