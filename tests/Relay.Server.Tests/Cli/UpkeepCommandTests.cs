using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class UpkeepCommandTests
{
    [Fact]
    public async Task GcRevokeAndKeysStatus_BesideARunningRelay_PrintTheOutcome()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        await relay.PublishAsync("stable", version);

        (int revoked, string revocation, _) = await RelayCommandRun.OnAsync(relay, "revoke", version.Name, "1", "--reason", "a test");
        string[] database = TestDatabases.ArgumentsFor(relay.DataFolder);
        (int dry, string plan, _) = await RelayCommandRun.RunAsync(["gc", "--data", relay.DataFolder, "--dry-run", .. database]);
        (int swept, _, _) = await RelayCommandRun.RunAsync(["gc", "--data", relay.DataFolder, .. database]);
        (int shown, string keys, _) = await RelayCommandRun.RunAsync("keys", "status", "--data", relay.DataFolder);
        (int none, _, _) = await RelayCommandRun.RunAsync("keys", "status", "--data", relay.DatasetsFolder);

        Assert.Equal((0, 0, 0, 0, CommandLine.Failed), (revoked, dry, swept, shown, none));
        Assert.Contains("stable", revocation, StringComparison.Ordinal);
        Assert.Contains("0 files", plan, StringComparison.Ordinal);
        Assert.Contains("root: version 1, 2 of 3 keys", keys, StringComparison.Ordinal);
        Assert.Contains("here, root-1.pem", keys, StringComparison.Ordinal);
    }
}
