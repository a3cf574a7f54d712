using Relay.TestKit.Nodes;

namespace Relay.Server.Tests.Cli;

public sealed class EnrollTokenCommandTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task MakeListAndRevoke_BesideARunningRelay_PrintTheTokenAloneAndOnce()
    {
        RelayCommandRun made = await RunAsync("--name", "shops", "--uses", "2", "--expires", "1");
        string token = made.Output.Trim();
        using SigningNode node = new("shop-1");
        using HttpClient client = node.CreateClient(fixture.Relay);
        using HttpResponseMessage enrolled = await node.EnrollAsync(client, token);
        RelayCommandRun listed = await RunAsync("list");
        string line = listed.Output.Split('\n').Single(one => one.Contains("shops", StringComparison.Ordinal));
        RelayCommandRun revoked = await RunAsync("revoke", line.Split(' ')[0]);
        RelayCommandRun after = await RunAsync("list");

        Assert.Equal([0, 0, 0, 0], [made.Code, listed.Code, revoked.Code, after.Code]);
        Assert.Matches("^relay_enroll_[A-Za-z0-9_-]{43}$", token);
        Assert.Equal(System.Net.HttpStatusCode.Created, enrolled.StatusCode);
        Assert.Contains("shops: 1 of 2 nodes", line, StringComparison.Ordinal);
        Assert.DoesNotContain(token, listed.Output + listed.Error + made.Error, StringComparison.Ordinal);
        Assert.Contains(", revoked ", after.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--expires", "0")]
    [InlineData("--uses", "0")]
    [InlineData("--name", "Not A Name")]
    [InlineData("revoke", "999999")]
    public async Task Command_ThatCannotWork_Fails(params string[] arguments)
    {
        RelayCommandRun run = await RunAsync(arguments);

        Assert.NotEqual(0, run.Code);
        Assert.NotEmpty(run.Error);
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments)
    {
        string[] connection =
            ["--relay", fixture.Relay.Address.ToString(), "--ca", fixture.Relay.CertificateAuthority, "--key", fixture.Relay.AdminKey];
        return RelayCommandRun.RunAsync(["enroll-token", .. arguments, .. connection]);
    }
}
