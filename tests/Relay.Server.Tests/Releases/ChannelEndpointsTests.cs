using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

public sealed class ChannelEndpointsTests
{
    [Fact]
    public async Task Release_NewVersions_MakesTheNextRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion first = await relay.TrainSmallAsync(trees: 2);
        ModelVersion second = await relay.TrainSmallAsync(trees: 3);

        ChannelView one = await relay.PublishAsync("stable", first);
        ChannelView two = await relay.PublishAsync("stable", second);

        Assert.Equal((1, 2), (one.Release, two.Release));
        Assert.Equal([second], two.Models);
    }

    [Fact]
    public async Task Release_OneOfTwoModels_TheOtherStays()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion one = await relay.TrainAsync(SmallModel.Spec("one"), SmallModel.Data);
        ModelVersion two = await relay.TrainAsync(SmallModel.Spec("two"), SmallModel.Data);
        ModelVersion twoAgain = await relay.TrainAsync(SmallModel.Spec("two", trees: 3), SmallModel.Data);
        await relay.PublishAsync("stable", one, two);

        ChannelView channel = await relay.PublishAsync("stable", twoAgain);

        Assert.Equal([one, twoAgain], channel.Models);
    }

    [Fact]
    public async Task Release_EarlierNumber_PointsBackWithoutANewRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion first = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("stable", first);
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3));

        using HttpResponseMessage response = await relay.Admin.PostAsync(Routes.ReleaseOf("stable"), HttpResponses.Json("{\"release\":1}"));
        ChannelView channel = (await relay.Admin.GetFromJsonAsync($"{Routes.Channels}/stable", RelayApiJson.Default.ChannelView))!;
        Page<ReleaseView> releases = (await relay.Admin.GetFromJsonAsync(Routes.Releases, RelayApiJson.Default.PageReleaseView))!;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, channel.Release);
        Assert.Equal([first], channel.Models);
        Assert.Equal([2, 1], releases.Items.Select(r => r.Release));
    }

    [Fact]
    public async Task Release_SameAgain_IsTheSameRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        await relay.PublishAsync("stable", version);

        ChannelView again = await relay.PublishAsync("stable", version);

        Assert.Equal(1, again.Release);
    }

    [Fact]
    public async Task Release_ManyAtOnce_AllAreThereAndNumberedOnce()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        string[] channels = [.. Enumerable.Range(0, 8).Select(i => $"channel-{i}")];

        ChannelView[] views = await Task.WhenAll(channels.Select(channel => relay.PublishAsync(channel, version)));
        Page<ChannelView> listed = (await relay.Admin.GetFromJsonAsync(Routes.Channels, RelayApiJson.Default.PageChannelView))!;

        Assert.Equal(Enumerable.Range(1, 8), views.Select(v => v.Release).Order());
        Assert.Equal(channels, listed.Items.Select(c => c.Channel));
    }

    [Fact]
    public async Task Release_UnexpectedException_IsInternalAndNotARefusal()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        using (DbConnection connection = relay.Services.GetRequiredService<RelayDatabase>().Open())
        {
            // No name of a model has a slash, so the publisher throws an ArgumentException.
            Assert.Equal(1, await connection.ExecuteAsync(
                "UPDATE model_versions SET card = json_set(card, '$.name', '../' || model) WHERE model = @Name", version));
        }

        string body = JsonSerializer.Serialize(new ReleaseRequest { Models = [version] }, RelayApiJson.Default.ReleaseRequest);
        using HttpResponseMessage response = await relay.Admin.PostAsync(Routes.ReleaseOf("stable"), HttpResponses.Json(body));
        using HttpResponseMessage channel = await relay.Admin.GetAsync($"{Routes.Channels}/stable");

        Assert.Equal("internal", await response.ProblemTypeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal("unknown-channel", await channel.ProblemTypeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Release_AfterAbort_IsStillCurrent()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        await relay.PublishAsync("stable", version);

        await relay.AbortAsync();
        await relay.StartAgainAsync();
        ChannelView channel = (await relay.Admin.GetFromJsonAsync($"{Routes.Channels}/stable", RelayApiJson.Default.ChannelView))!;

        Assert.Equal([version], channel.Models);
    }
}
