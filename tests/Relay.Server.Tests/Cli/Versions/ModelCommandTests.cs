using Relay.Server.Tests.Models.Annotations;

namespace Relay.Server.Tests.Cli.Versions;

public sealed class ModelCommandTests(AnnotatedRelay fixture) : IClassFixture<AnnotatedRelay>
{
    [Fact]
    public async Task Model_ListArchiveAndRestore_DoWhatTheySay()
    {
        await RunAsync("tag", "set", "small", "team=payments");
        await RunAsync("tag", "set", "small@1", "stage=trial");

        RelayCommandRun listed = await RunAsync("model", "list", "--tag", "team=payments");
        RelayCommandRun versions = await RunAsync("model", "versions", "small", "--tag", "stage", "--tag", "stage=trial");
        RelayCommandRun archived = await RunAsync("model", "archive", "small");
        RelayCommandRun none = await RunAsync("model", "list");
        RelayCommandRun all = await RunAsync("model", "list", "--archived", "all");
        RelayCommandRun json = await RunAsync("model", "list", "--archived", "true", "--json");
        RelayCommandRun refused = await RunAsync("publish", "small", "--new-channel");
        RelayCommandRun restored = await RunAsync("model", "restore", "small");

        Assert.Equal("small: version 1, team=payments", listed.Output.Trim());
        Assert.StartsWith("small 1: macroF1 ", versions.Output, StringComparison.Ordinal);
        Assert.EndsWith(", stage=trial", versions.Output.Trim(), StringComparison.Ordinal);
        Assert.Equal("Model small is archived.", archived.Output.Trim());
        Assert.Equal("", none.Output);
        Assert.StartsWith("small: version 1, team=payments, archived since ", all.Output, StringComparison.Ordinal);
        Assert.Contains("\"tags\":{\"team\":\"payments\"}", json.Output, StringComparison.Ordinal);
        Assert.Contains("'relay model restore small'", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Model small is restored.", restored.Output.Trim());
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(fixture.Relay, arguments);
}
