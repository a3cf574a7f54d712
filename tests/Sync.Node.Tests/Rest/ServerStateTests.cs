using System.Text.Json;
using Relay.TestKit.Models;

namespace Sync.Node.Tests.Rest;

/// <summary>What the server says of itself and of its models, before and after the first release.</summary>
public sealed class ServerStateTests
{
    private const string Model = $"/v2/models/{ServingNode.Model}";
    private const string Body = """{"inputs":[{"name":"rows","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}]}""";

    [Fact]
    public async Task State_BeforeAndAfterTheFirstRelease_IsNotReadyAndThenReady()
    {
        await using ServingNode node = await ServingNode.StartAsync();
        using RestClient client = new(node.Rest);

        RestReply live = await client.GetAsync("/v2/health/live");
        Assert.Equal((200, true, false), (live.Status, live.Json.GetProperty("live").GetBoolean(), live.Json.GetProperty("ready").GetBoolean()));
        foreach (string path in (string[])["/v2/health/ready", Model, Model + "/ready", Model + "/versions/1/ready"])
        {
            Assert.Equal(503, (await client.GetAsync(path)).Status);
        }

        RestReply refused = await client.PostAsync(Model + "/infer", Body);
        Assert.Equal(503, refused.Status);
        Assert.Contains("no version", refused.Error, StringComparison.Ordinal);

        await node.ActivateAsync(TestModel.Create());

        foreach (string path in (string[])["/v2/health/live", "/v2/health/ready", Model, Model + "/ready", Model + "/versions/1/ready"])
        {
            Assert.Equal(200, (await client.GetAsync(path)).Status);
        }

        RestReply ready = await client.GetAsync("/v2/health/ready");
        Assert.Equal((true, true), (ready.Json.GetProperty("live").GetBoolean(), ready.Json.GetProperty("ready").GetBoolean()));
        Assert.Equal(200, (await client.PostAsync(Model + "/infer", Body)).Status);
    }

    [Fact]
    public async Task Metadata_OfServerAndModel_IsThatOfTheProtocol()
    {
        TestModel model = TestModel.Create(version: 2, numbers: 1, categories: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        using RestClient client = new(node.Socket);

        JsonElement server = (await client.GetAsync("/v2")).Json;
        JsonElement found = (await client.GetAsync(Model + "/versions/2")).Json;

        Assert.Equal("relay-node", server.GetProperty("name").GetString());
        Assert.Equal(["binary_tensor_data"], server.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(["2"], found.GetProperty("versions").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(
            ["f0 BYTES -1,1", "f1 FP32 -1,1", "label BYTES -1", "probabilities FP32 -1,3"],
            found.GetProperty("inputs").EnumerateArray().Concat(found.GetProperty("outputs").EnumerateArray())
                .Select(t => $"{t.GetProperty("name")} {t.GetProperty("datatype")} {string.Join(",", t.GetProperty("shape").EnumerateArray())}"));
        Assert.Equal(model.Sha256, found.GetProperty("parameters").GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Request_ForWhatIsNotActive_SaysWhatIs()
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create(version: 2));
        using RestClient client = new(node.Rest);

        foreach (string version in (string[])["1", "3", "02", "two"])
        {
            RestReply infer = await client.PostAsync($"{Model}/versions/{version}/infer", Body);
            Assert.Equal((404, 404), (infer.Status, (await client.GetAsync($"{Model}/versions/{version}")).Status));
            Assert.Contains("version 2 is", infer.Error, StringComparison.Ordinal);
        }

        RestReply unknown = await client.PostAsync("/v2/models/other/infer", Body);
        Assert.Equal(404, unknown.Status);
        Assert.Contains(ServingNode.Model, unknown.Error, StringComparison.Ordinal);
        foreach (string path in (string[])["/", "/v2/nothing", "/v2/nothing.txt", "/v2/models", "/v2/models/a.b/x"])
        {
            Assert.Equal((404, true), ((await client.GetAsync(path)).Status, (await client.GetAsync(path)).Error.Length > 20));
        }

        Assert.Equal(404, (await client.PostAsync("/v2", "{}")).Status);
        Assert.Equal(200, (await client.GetAsync("/v2/")).Status);
        foreach (string change in (string[])["load", "unload"])
        {
            RestReply refused = await client.PostAsync($"/v2/repository/models/{ServingNode.Model}/{change}", "{}");
            Assert.Equal(403, refused.Status);
            Assert.Contains("channel", refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Request_UnderTheNameOfAnotherSite_IsRefused()
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(node.Rest, "/v2")) { Headers = { Host = "attacker.example" } };

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(403, (int)response.StatusCode);
    }

    [Theory]
    [Trait("Attack", "sidecar-browser")]
    [InlineData("attacker.example", 403)]
    [InlineData("localhost.attacker.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    public async Task Request_ByTheNameOfAWebPage_IsRefused(string host, int status)
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        using HttpClient client = new() { BaseAddress = node.Rest };
        using HttpRequestMessage request = new(HttpMethod.Post, Model + "/infer") { Content = new StringContent(Body), Headers = { Host = host } };

        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }
}
