using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.Replicas;

/// <summary>The console of several relays on one folder and one database.</summary>
public sealed class ConsoleOnReplicasTests
{
    [Fact]
    public async Task Session_BegunAtTheReplicaThatWaits_FollowsPagesAndOutlivesATakeover()
    {
        await using RelayReplicas replicas = await RelayReplicas.StartAsync();
        using ConsoleBrowser browser = ConsoleBrowser.Open(replicas.Second);
        ConsoleAnswer signedIn = await browser.PostAsync("/console/sign-in", ("key", replicas.First.AdminKey));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/console")).Status);
        await foreach ((string type, _, string html) in browser.FollowAsync("/console", "none", TestContext.Current.CancellationToken))
        {
            Assert.Equal("page", type);
            Assert.Contains("What runs where", html, StringComparison.Ordinal);
            break;
        }

        await replicas.First.KillAsync();

        await Eventually.TrueAsync(async () => (await browser.GetAsync("/console")).Status is HttpStatusCode.OK, "the session goes on");
        ConsoleAnswer made = await browser.SubmitAsync(
            "/console/settings/api-keys", "/console/settings/api-keys", ("name", "after the takeover"), ("role", "auditor"));
        Assert.Equal(HttpStatusCode.OK, made.Status);
    }
}
