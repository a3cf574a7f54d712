using System.Net;
using Relay.TestKit;
using Relay.TestKit.Identity;

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
    public async Task Serve_HangUpWithoutATerminal_ReadsCertificateAndIdentityFileAgainAndGoesOn()
    {
        using TemporaryFolder folder = new();
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        await using RelayProcess relay = new("--identity", issuer.WriteFile(folder.FullPath, Grant("a")));
        await relay.StartAsync();

        issuer.WriteFile(folder.FullPath, Grant("b"));
        await relay.SignalAsync("HUP");

        string[] lines = await Eventually.GetAsync(
            () => Task.FromResult(relay.Log.Where(entry => entry.Contains("SIGHUP", StringComparison.Ordinal)).ToArray()),
            entries => entries.Length == 2, "the relay says that it read its certificate and its identity file");
        using HttpClient client = relay.CreateAdminClient();
        using HttpResponseMessage alive = await client.GetAsync("/health/live");
        client.DefaultRequestHeaders.Authorization = new("Bearer", issuer.CreateToken(("sub", "b")));
        using HttpResponseMessage granted = await client.GetAsync("/v1/api-keys");
        Assert.Contains(" 1102 ", lines[0], StringComparison.Ordinal);
        Assert.Contains(" 1062 ", lines[1], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal(0, await relay.StopAsync("TERM"));
    }

    private static string Grant(string subject) => $$"""[{ "role": "admin", "claims": { "sub": "{{subject}}" } }]""";
}
