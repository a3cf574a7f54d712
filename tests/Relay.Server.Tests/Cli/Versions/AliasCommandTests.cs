using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli.Versions;

public sealed class AliasCommandTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.TrainSmallAsync(trees: 2);
        await _relay.TrainSmallAsync(trees: 3);
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Alias_FromSetToDelete_DoesWhatItSays()
    {
        RelayCommandRun set = await RunAsync("alias", "set", "small@1", "champion");
        RelayCommandRun moved = await RunAsync("alias", "set", "small", "challenger");
        RelayCommandRun promoted = await RunAsync("alias", "set", "small@challenger", "champion");
        RelayCommandRun list = await RunAsync("alias", "list", "small");
        RelayCommandRun history = await RunAsync("alias", "history", "small", "champion");
        RelayCommandRun deleted = await RunAsync("alias", "delete", "small", "challenger");
        RelayCommandRun again = await RunAsync("alias", "delete", "small", "challenger");

        Assert.Equal("small@champion is small 1", set.Output.Trim());
        Assert.Equal("small@challenger is small 2", moved.Output.Trim());
        Assert.Equal("small@champion is small 2", promoted.Output.Trim());
        Assert.StartsWith("small@challenger is small 2, since ", promoted.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["challenger: version 2, since", "champion: version 2, since"],
            list.Output.Trim().Split('\n').Select(line => line[..(line.IndexOf("since", StringComparison.Ordinal) + 5)]));
        Assert.Equal(
            ["version 2, by key", "version 1, by key"],
            history.Output.Trim().Split('\n').Select(line => line[22..].TrimEnd()[..17]));
        Assert.Equal("Alias challenger of small is deleted.", deleted.Output.Trim());
        Assert.Equal((0, 1), (deleted.Code, again.Code));
    }

    [Theory]
    [InlineData("small@champion", 1)]
    [InlineData("models:/small@champion", 1)]
    [InlineData("models:/small/1", 1)]
    [InlineData("models:/small/latest", 2)]
    [InlineData("small@latest", 2)]
    [InlineData("small@2", 2)]
    [InlineData("small", 2)]
    public async Task Publish_EachForm_ReleasesTheVersionThatItNames(string model, int version)
    {
        await RunAsync("alias", "set", "small@1", "champion");

        RelayCommandRun run = await RunAsync("publish", model);

        Assert.Contains($"runs release 1: small {version}", run.Output, StringComparison.Ordinal);
        bool isNumber = model is "small" or "small@2" or "models:/small/1";
        Assert.Equal(!isNumber, run.Error.StartsWith($"{model} is small {version}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("small@unknown", "no alias 'unknown'")]
    [InlineData("small@Champion", "is not NAME@VERSION with a version number, nor NAME@ALIAS")]
    [InlineData("small@", "is not NAME@VERSION")]
    [InlineData("small@99999999999", "is not NAME@VERSION with a version number")]
    [InlineData("models:/small", "names no version")]
    public async Task Publish_TextThatNamesNoVersion_IsRefused(string model, string expected)
    {
        RelayCommandRun run = await RunAsync("publish", model);

        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OfOneVersion_TakeAnAlias()
    {
        await RunAsync("alias", "set", "small@1", "champion");
        using TemporaryFolder folder = new();

        RelayCommandRun card = await RunAsync("card", "small@champion");
        RelayCommandRun download = await RunAsync("download", "small@champion", folder.Combine("files"));
        RelayCommandRun rollout = await RunAsync("rollout", "start", "small@unknown");
        RelayCommandRun reproduced = await RunAsync(
            "reproduce", "small@champion", "--train", Path.Combine(_relay.DatasetsFolder, SmallModel.TrainFile),
            "--test", Path.Combine(_relay.DatasetsFolder, SmallModel.TestFile));

        Assert.StartsWith("# Model card: small, version 1", card.Output, StringComparison.Ordinal);
        Assert.Contains("files of small 1", download.Output, StringComparison.Ordinal);
        Assert.Contains("no alias 'unknown'", rollout.Error, StringComparison.Ordinal);
        Assert.Contains("EQUAL: small version 1", reproduced.Output, StringComparison.Ordinal);
        Assert.All([card, download, reproduced], run => Assert.Contains("small@champion is small 1", run.Error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_AliasOfARevokedVersion_SaysSo()
    {
        await RunAsync("alias", "set", "small@1", "champion");
        (await _relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf("small", 1), new RevocationRequest(), RelayApiJson.Default.RevocationRequest)).Dispose();

        RelayCommandRun list = await RunAsync("alias", "list", "small");
        RelayCommandRun json = await RunAsync("alias", "list", "small", "--json");

        Assert.EndsWith(", REVOKED: set it to another version", list.Output.Trim(), StringComparison.Ordinal);
        Assert.Contains("\"revoked\":true", json.Output, StringComparison.Ordinal);
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(_relay, arguments);
}
