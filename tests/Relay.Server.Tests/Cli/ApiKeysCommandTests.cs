using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class ApiKeysCommandTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task CreateRotateListAndRevoke_BesideARunningRelay_PrintTheKeys()
    {
        RelayCommandRun created = await RunAsync("api-keys", "create", "nightly training", "--role", "trainer", "--expires", "90");
        string key = KeyIn(created);
        RelayCommandRun trainers = await RunAsync(key, "status");
        RelayCommandRun rotated = await RunAsync("api-keys", "rotate", IdOf(key), "--overlap", "0");
        RelayCommandRun ended = await RunAsync(key, "status");
        RelayCommandRun revoked = await RunAsync("api-keys", "revoke", IdOf(KeyIn(rotated)));
        RelayCommandRun listed = await RunAsync("api-keys", "list");

        Assert.Equal([0, 0, 0, CommandLine.Failed, 0, 0], [created.Code, trainers.Code, rotated.Code, ended.Code, revoked.Code, listed.Code]);
        Assert.Contains("trainer, valid, nightly training", created.Output, StringComparison.Ordinal);
        Assert.Contains("was revoked", ended.Error, StringComparison.Ordinal);
        string[] lines = [.. listed.Output.Split('\n').Where(line => line.Contains("nightly training", StringComparison.Ordinal))];
        Assert.Equal([IdOf(key), IdOf(KeyIn(rotated))], lines.Select(line => line.Split(':')[0]));
        Assert.All(lines, line => Assert.Contains("trainer, revoked", line, StringComparison.Ordinal));
        Assert.DoesNotContain(key, listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_KeyWithoutThePower_SaysWhichRoleHasIt()
    {
        string key = KeyIn(await RunAsync("api-keys", "create", "an auditor", "--role", "auditor"));

        RelayCommandRun run = await RunAsync(key, "api-keys", "create", "more", "--role", "admin");

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("use a key of role admin", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create", "name")]
    [InlineData("create", "name", "--role", "root")]
    [InlineData("create", "name", "--role", "node", "--expires", "0")]
    [InlineData("create", "name", "--role", "node", "--expires", "3651")]
    [InlineData("rotate", "id", "--overlap", "-1")]
    [InlineData("rotate", "id", "--overlap", "721")]
    [InlineData("revoke", "unknown")]
    public async Task Command_ThatCannotWork_FailsWithOneLine(params string[] arguments)
    {
        RelayCommandRun run = await RunAsync(["api-keys", .. arguments]);

        Assert.NotEqual(0, run.Code);
        Assert.NotEmpty(run.Error);
    }

    private static string KeyIn(RelayCommandRun run) => run.Output.Trim().Split(' ')[^1];

    private static string IdOf(string key) => key.Split('_')[1];

    private Task<RelayCommandRun> RunAsync(params string[] arguments)
    {
        string key = arguments[0].StartsWith("relay_", StringComparison.Ordinal) ? arguments[0] : fixture.Relay.AdminKey;
        return RelayCommandRun.RunAsync(
        [
            .. arguments.SkipWhile(argument => argument == key),
            "--relay", fixture.Relay.Address.ToString(), "--ca", fixture.Relay.CertificateAuthority, "--api-key", key,
        ]);
    }
}
