using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models;

public sealed class StableModelEndpointsTests(PublishedRelay fixture)
{
    [Fact]
    public async Task List_PublishedModel_HasTheModelsOfTheStableChannel()
    {
        StableModels models = (await fixture.Relay.Anonymous.GetFromJsonAsync(Routes.LegacyList, RelayApiJson.Default.StableModels))!;

        StableModel model = Assert.Single(models.Models);
        Assert.Equal((fixture.Published.Name, fixture.Published.Version), (model.Name, model.Version));
        byte[] file = await fixture.Relay.Anonymous.GetByteArrayAsync(model.Url);
        Assert.Equal(model.SizeBytes, file.Length);
    }

    [Fact]
    public async Task List_NothingPublished_IsEmpty()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync();

        StableModels models = (await relay.Anonymous.GetFromJsonAsync(Routes.LegacyList, RelayApiJson.Default.StableModels))!;

        Assert.Empty(models.Models);
    }

    [Fact]
    public async Task Download_OwnTag_IsNotModifiedUntilTheNextRelease()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        using HttpResponseMessage first = await relay.Anonymous.GetAsync("/models/small.onnx");

        using HttpResponseMessage same = await GetAsync(relay, first.Headers.ETag!);
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3));
        using HttpResponseMessage next = await GetAsync(relay, first.Headers.ETag!);

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal("2", next.Headers.GetValues("Relay-Model-Version").Single());
        Assert.True(next.Headers.CacheControl!.NoCache);
    }

    [Fact]
    public async Task Download_Range_IsThatPart()
    {
        byte[] whole = await fixture.Relay.Anonymous.GetByteArrayAsync("/models/small.onnx");
        using HttpRequestMessage request = new(HttpMethod.Get, "/models/small.onnx");
        request.Headers.Range = new RangeHeaderValue(100, 199);

        using HttpResponseMessage part = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[100..200], await part.Content.ReadAsByteArrayAsync());
    }

    private static async Task<HttpResponseMessage> GetAsync(TestRelay relay, EntityTagHeaderValue tag)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/models/small.onnx");
        request.Headers.IfNoneMatch.Add(tag);
        return await relay.Anonymous.SendAsync(request);
    }
}
