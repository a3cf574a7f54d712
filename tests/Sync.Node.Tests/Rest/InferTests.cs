using System.Buffers.Binary;
using System.Text;
using Relay.TestKit.Models;
using Shared.Contracts.Models;

namespace Sync.Node.Tests.Rest;

/// <summary>Answers by REST, of every task and in every form, to the bit.</summary>
public sealed class InferTests
{
    [Fact]
    public async Task Infer_EveryFormOfTheSameRows_IsTheSameAnswer()
    {
        TestModel model = TestModel.Create();
        await using ServingNode node = await ServingNode.StartAsync(model);
        using RestClient tcp = new(node.Rest);
        using RestClient unix = new(node.Socket);
        float[] numbers = GoldenRows.Numbers(model);
        string nested = $"[{string.Join(",", numbers.Chunk(4).Select(GoldenRows.Json))}]";
        string[] forms =
        [
            $$"""{"inputs":[{"name":"rows","datatype":"FP32","shape":[16,4],"data":{{GoldenRows.Json(numbers)}}}]}""",
            $$"""{"inputs":[{"data":{{nested}},"shape":[16,4],"datatype":"FP64","name":"input-0"}]}""",
            GoldenRows.Columns(model),
        ];

        foreach (string form in forms)
        {
            RestReply reply = await tcp.PostAsync($"/v2/models/{ServingNode.Model}/infer", form);
            Assert.True(reply.Status == 200, reply.Json.ToString());
            Assert.Equal(GoldenRows.Expected(model), reply.Numbers("probabilities"));
            Assert.Equal(model.Golden.Labels, reply.Texts("label"));
        }

        RestReply binary = await unix.PostAsync(
            $"/v2/models/{ServingNode.Model}/versions/1/infer",
            """
            {"id":"a","parameters":{"binary_data_output":true},"inputs":[
              {"name":"rows","datatype":"FP32","shape":[16,4],"parameters":{"binary_data_size":256}}]}
            """,
            GoldenRows.Raw(numbers));
        Assert.True(binary.Status == 200, binary.Json.ToString());
        Assert.Equal(192, binary.Output("probabilities").GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal(GoldenRows.Raw(GoldenRows.Expected(model)), binary.Binary[^192..]);
        Assert.Equal(model.Golden.Labels, ReadTexts(binary.Binary[..^192]));
        Assert.Equal("a", binary.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Infer_EveryTaskWithCategories_NamesVersionReleaseAndScorer()
    {
        TestModel[] models =
        [
            TestModel.Create("classes", version: 3, categories: 2),
            TestModel.ForTask(ModelTask.Regression, "values", categories: 1),
            TestModel.ForTask(ModelTask.AnomalyDetection, "anomalies", categories: 1),
            TestModel.ForTask(ModelTask.Scaling, "features"),
        ];
        await using ServingNode node = await ServingNode.StartAsync(models);
        using RestClient client = new(node.Rest);

        foreach (TestModel model in models)
        {
            string name = model.Description.Name;
            RestReply reply = await client.PostAsync($"/v2/models/{name}/infer", GoldenRows.Columns(model));

            Assert.True(reply.Status == 200, reply.Json.ToString());
            Assert.Equal(GoldenRows.Expected(model), reply.Numbers(model.Schema.NumericOutput));
            Assert.Equal(model.Schema.HasLabels, reply.Json.GetProperty("outputs").GetArrayLength() == 2);
            if (model.Schema.HasLabels)
            {
                Assert.Equal(model.Golden.Labels, reply.Texts("label"));
            }

            Assert.Equal(name, reply.Json.GetProperty("model_name").GetString());
            Assert.Equal($"{model.Description.Version}", reply.Json.GetProperty("model_version").GetString());
            Assert.Equal("7", reply.Json.GetProperty("id").GetString());
            Assert.Equal(
                (4, model.Sha256, "managed"),
                (reply.Json.GetProperty("parameters").GetProperty("release").GetInt32(),
                    reply.Json.GetProperty("parameters").GetProperty("sha256").GetString(),
                    reply.Json.GetProperty("parameters").GetProperty("scorer").GetString()));
        }
    }

    [Fact]
    public async Task Infer_OutputByName_IsAloneAndInItsForm()
    {
        TestModel model = TestModel.Create();
        await using ServingNode node = await ServingNode.StartAsync(model);
        using RestClient client = new(node.Rest);
        string rows = """
            "inputs":[{"name":"rows","datatype":"FP32","shape":[1,4],"data":[0.1,0.2,0.3,0.4]}]
            """;

        RestReply label = await client.PostAsync($"/v2/models/{ServingNode.Model}/infer", $$"""{ {{rows}},"outputs":[{"name":"label"}]}""");
        RestReply mixed = await client.PostAsync(
            $"/v2/models/{ServingNode.Model}/infer",
            $$"""{ {{rows}},"outputs":[{"name":"probabilities","parameters":{"binary_data":true} },{"name":"label"}]}""");

        Assert.True(label.Status == 200, label.Json.ToString());
        Assert.Equal(1, label.Json.GetProperty("outputs").GetArrayLength());
        Assert.Equal([1], label.Output("label").GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
        Assert.Equal(label.Texts("label"), mixed.Texts("label"));
        Assert.Equal(12, mixed.Binary.Length);
        Assert.Equal([1, 3], mixed.Output("probabilities").GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()));
    }

    [Fact]
    public async Task Infer_WholeNumbers_AreTheSameNumbers()
    {
        TestModel model = TestModel.ForTask(ModelTask.Scaling);
        await using ServingNode node = await ServingNode.StartAsync(model);
        using RestClient client = new(node.Rest);
        const string path = $"/v2/models/{ServingNode.Model}/infer";
        RestReply real = await client.PostAsync(path, """{"inputs":[{"name":"rows","datatype":"FP32","shape":[1,4],"data":[0,1,2,3]}]}""");

        foreach ((string type, int size) in ((string, int)[])
        [
            ("UINT8", 1), ("INT8", 1), ("UINT16", 2), ("INT16", 2), ("UINT32", 4), ("INT32", 4), ("UINT64", 8), ("INT64", 8),
        ])
        {
            byte[] raw = [.. Enumerable.Range(0, 4).SelectMany(n => BitConverter.GetBytes((long)n)[..size])];
            RestReply json = await client.PostAsync(path, $$"""{"inputs":[{"name":"rows","datatype":"{{type}}","shape":[1,4],"data":[0,1,2,3]}]}""");
            RestReply binary = await client.PostAsync(
                path, $$"""{"inputs":[{"name":"rows","datatype":"{{type}}","shape":[1,4],"parameters":{"binary_data_size":{{raw.Length}} } }]}""", raw);

            Assert.Equal(real.Numbers("features"), json.Numbers("features"));
            Assert.Equal(real.Numbers("features"), binary.Numbers("features"));
        }
    }

    private static List<string> ReadTexts(byte[] raw)
    {
        List<string> texts = [];
        for (int at = 0; at < raw.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(raw.AsSpan(at));
            texts.Add(Encoding.UTF8.GetString(raw, at + 4, length));
            at += 4 + length;
        }

        return texts;
    }
}
