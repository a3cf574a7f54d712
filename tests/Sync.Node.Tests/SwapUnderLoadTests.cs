using System.Text.Json;
using Relay.TestKit.Models;
using Sync.Node.Tests.Grpc;
using Sync.Node.Tests.Rest;

namespace Sync.Node.Tests;

/// <summary>Clients ask by REST and by gRPC without a pause while releases change: each request is answered, and each answer has the bits of the
/// version that it names.</summary>
public sealed class SwapUnderLoadTests
{
    private const int Versions = 8;
    private const int Swaps = 10;
    private const int Row = 1;

    private readonly TestModel[] _models = [.. Enumerable.Range(1, Versions).Select(version => TestModel.Create(version: version))];

    [Fact]
    public async Task Swap_UnderRestAndGrpc_LosesAndMixesNothing()
    {
        using PythonClient? python = await PythonClient.TryCreateAsync();
        await using ServingNode node = await ServingNode.StartAsync(_models[0]);
        using CancellationTokenSource stop = new();
        Task<int>[] rest =
        [
            LoadAsync(new RestClient(node.Rest), isBinary: false, stop.Token), LoadAsync(new RestClient(node.Socket), isBinary: true, stop.Token),
            LoadAsync(new RestClient(node.Socket), isBinary: true, stop.Token),
        ];
        float[] numbers = _models[0].NumbersOf(Row);
        Task<JsonElement>[] grpc =
        [
            .. (python is null ? [] : new[] { $"{node.Grpc.Host}:{node.Grpc.Port}", "unix:" + node.GrpcSocket })
                .Select(target => python!.RunAsync(target, "load", ServingNode.Model, numbers, $"{Versions}")),
        ];

        foreach (TestModel next in _models[1..^1])
        {
            await node.ActivateAsync(next);
        }

        for (int swap = 0; swap < Swaps; swap++)
        {
            Assert.Null((await node.Node.PinAsync(1 + (swap % (Versions - 1)), TestContext.Current.CancellationToken)).Refusal);
        }

        await node.Node.FollowAsync(TestContext.Current.CancellationToken);
        await node.ActivateAsync(_models[^1]);

        foreach (JsonElement load in await Task.WhenAll(grpc))
        {
            Assert.Equal(0, load.GetProperty("failed").GetInt32());
            Assert.All(load.GetProperty("answers").EnumerateArray(), one => AssertAnswer(
                one[0][0].GetString()!, one[0][1].GetInt32(), one[0][2].GetString()!, [.. one[0][3].EnumerateArray().Select(n => n.GetUInt32())]));
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(rest), answers => Assert.True(answers > Versions, $"{answers} answers"));
    }

    private async Task<int> LoadAsync(RestClient client, bool isBinary, CancellationToken stop)
    {
        using RestClient disposed = client;
        float[] numbers = _models[0].NumbersOf(Row);
        string data = isBinary ? "\"parameters\":{\"binary_data_size\":16}" : "\"data\":" + GoldenRows.Json(numbers);
        string json = $$"""
            {"parameters":{"binary_data_output":{{(isBinary ? "true" : "false")}}},
             "outputs":[{"name":"probabilities"}],"inputs":[{"name":"rows","datatype":"FP32","shape":[1,4],{{data}} }]}
            """;
        int answers = 0;
        for (; !stop.IsCancellationRequested; answers++)
        {
            RestReply reply = await client.PostAsync($"/v2/models/{ServingNode.Model}/infer", json, isBinary ? GoldenRows.Raw(numbers) : []);
            Assert.True(reply.Status == 200, reply.Json.ToString());
            JsonElement parameters = reply.Json.GetProperty("parameters");
            uint[] bits = isBinary
                ? [.. reply.Binary.Chunk(4).Select(b => BitConverter.ToUInt32(b))]
                : [.. reply.Numbers("probabilities").Select(BitConverter.SingleToUInt32Bits)];
            AssertAnswer(
                reply.Json.GetProperty("model_version").GetString()!, parameters.GetProperty("release").GetInt32(),
                parameters.GetProperty("sha256").GetString()!, bits);
        }

        return answers;
    }

    // Release n holds version n.
    private void AssertAnswer(string version, int release, string sha256, IReadOnlyList<uint> bits)
    {
        TestModel model = _models[release - 1];
        Assert.Equal(($"{model.Description.Version}", model.Sha256), (version, sha256));
        Assert.Equal(model.Golden.OutputBits[Row], bits);
    }
}
