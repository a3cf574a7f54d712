using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class StopSignalTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Serve_SignalToStop_EndsByItselfAndNotByTheSignal(string signal)
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();

        int code = await relay.StopAsync(signal);

        Assert.Equal(0, code);
    }

    /// <summary>As a supervisor reloads a service: the process goes on, and reads its certificate again.</summary>
    [Fact]
    public async Task Serve_HangUpWithoutATerminal_ReadsTheCertificateAgainAndGoesOn()
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();

        await relay.SignalAsync("HUP");

        string line = await Eventually.GetAsync(
            () => Task.FromResult(relay.Log.FirstOrDefault(entry => entry.Contains("SIGHUP", StringComparison.Ordinal)) ?? ""),
            entry => entry.Length > 0, "the relay says that it read its certificate");
        using HttpClient client = relay.CreateAdminClient();
        using HttpResponseMessage alive = await client.GetAsync("/health/live");
        Assert.Contains(" 1102 ", line, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(0, await relay.StopAsync("TERM"));
    }
}
