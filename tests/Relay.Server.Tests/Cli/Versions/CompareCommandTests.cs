using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli.Versions;

/// <summary>Two versions of a relay, compared over HTTP and by the command.</summary>
public sealed class CompareCommandTests : IAsyncLifetime
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
    public async Task Compare_TwoVersions_IsWhatTheCommandPrints()
    {
        VersionComparison asked = (await _relay.Admin.GetFromJsonAsync(Routes.ComparisonOf("small", 2, 1), RelayApiJson.Default.VersionComparison))!;
        (await _relay.Admin.PutAsJsonAsync(Routes.AliasOf("small", "champion"), new AliasRequest(1), RelayApiJson.Default.AliasRequest)).Dispose();
        RelayCommandRun json = await RunAsync("compare", "small@2", "small@1", "--json");
        RelayCommandRun text = await RunAsync("compare", "small", "small@champion");

        Assert.Equal((2, 1), (asked.Version, asked.With));
        Assert.Empty(asked.NotComparable);
        Assert.Equal(
            [new("parameters.trees", "3", "2")], asked.Settings.Where(setting => setting.Name.StartsWith("parameters.", StringComparison.Ordinal)));
        Assert.Equal(1, asked.Sizes.Single(size => size.Name == "treeCount").Difference);
        Assert.Equal(JsonSerializer.Serialize(asked, RelayApiJson.Default.VersionComparison), json.Output.Trim());
        Assert.StartsWith("small 2 compared with small 1", text.Output, StringComparison.Ordinal);
        Assert.Contains("small@champion is small 1", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_WhatIsNotThere_SaysSo()
    {
        string path = Routes.ComparisonOf("small", 2, 9);
        using HttpResponseMessage with = await _relay.Admin.GetAsync(path);
        using HttpResponseMessage version = await _relay.Admin.GetAsync(Routes.ComparisonOf("small", 9, 1));
        using HttpResponseMessage missing = await _relay.Admin.GetAsync(path[..path.IndexOf('?', StringComparison.Ordinal)]);
        RelayCommandRun two = await RunAsync("compare", "small@2", "other@1");

        Assert.Equal("unknown-version", await with.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("unknown-version", await version.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.Equal("malformed-request", await missing.ProblemTypeAsync(HttpStatusCode.BadRequest));
        Assert.Contains("small and other are two models", two.Error, StringComparison.Ordinal);
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(_relay, arguments);
}
