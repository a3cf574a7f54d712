using System.Text.Json;
using Relay.TestKit.Models;

namespace Sync.Node.Tests.Grpc;

/// <summary>The protocol by gRPC, asked by a client that is not ours.</summary>
public sealed class GrpcTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_OfAStockClient_AreThoseOfTheProtocol(bool isSocket)
    {
        using PythonClient? client = await PythonClient.TryCreateAsync();
        Assert.SkipWhen(client is null, "python3-grpc-tools is missing");
        TestModel model = TestModel.Create(version: 2);
        await using ServingNode node = await ServingNode.StartAsync(model, TestModel.Create("mixed", numbers: 2, categories: 1));
        float[] numbers = model.NumbersOf(0);

        JsonElement said = await client!.RunAsync(
            isSocket ? "unix:" + node.GrpcSocket : $"{node.Grpc.Host}:{node.Grpc.Port}", "calls", ServingNode.Model, "mixed", numbers);

        Assert.True(said.GetProperty("live").GetBoolean() && said.GetProperty("ready").GetBoolean() && said.GetProperty("model ready").GetBoolean());
        Assert.Equal("""["relay-node",["binary_tensor_data"]]""", Compact(said, "server"));
        Assert.Equal("""["2"]""", Compact(said, "versions"));
        Assert.Equal("""[["f0","FP32",[-1,1]],["f1","FP32",[-1,1]],["f2","FP32",[-1,1]],["f3","FP32",[-1,1]]]""", Compact(said, "inputs"));
        Assert.Equal("""[["label","BYTES",[-1]],["probabilities","FP32",[-1,3]]]""", Compact(said, "outputs"));
        foreach (string form in (string[])["raw", "repeated"])
        {
            JsonElement answer = said.GetProperty(form);
            Assert.Equal(model.Golden.OutputBits[0], answer.GetProperty("probabilities").EnumerateArray().Select(n => n.GetUInt32()));
            Assert.Equal(model.Golden.LabelOf(0), answer.GetProperty("label").EnumerateArray().Single().GetString());
            Assert.Equal(("2", "9", 2), (Text(answer, "version"), Text(answer, "id"), answer.GetProperty("release").GetInt32()));
            Assert.Equal((model.Sha256, "managed", ServingNode.Model), (Text(answer, "sha256"), Text(answer, "scorer"), Text(answer, "model")));
        }

        Assert.False(said.GetProperty("one output").TryGetProperty("label", out _));
        Assert.Equal(2, said.GetProperty("mixed").GetProperty("label").GetArrayLength());
        AssertRefusals(said.GetProperty("refused"));
    }

    private static void AssertRefusals(JsonElement refused)
    {
        Dictionary<string, string> codes = refused.EnumerateObject().ToDictionary(
            one => one.Name, one => one.Value.ValueKind is JsonValueKind.Array ? one.Value[0].GetString()! : "answered");
        foreach ((string name, string code) in codes)
        {
            string expected = name switch
            {
                "too many rows" or "too large" => "RESOURCE_EXHAUSTED",
                "other version" or "other model" or "ready of another" or "metadata of another" => "NOT_FOUND",
                "load" or "unload" => "PERMISSION_DENIED",
                _ => "INVALID_ARGUMENT",
            };
            Assert.Equal((name, expected), (name, code));
            Assert.True(refused.GetProperty(name)[1].GetString()!.Length > 20, name);
        }
    }

    private static string Compact(JsonElement said, string name) => JsonSerializer.Serialize(said.GetProperty(name));

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString()!;
}
