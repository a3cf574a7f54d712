using Relay.TestKit.Models;

namespace Sync.Node.Tests.Rest;

/// <summary>Requests that must get no answer: each is the protocol's error, with the status that says whose fault it is.</summary>
public sealed class InferRefusalTests : IAsyncLifetime
{
    private const string Path = $"/v2/models/{ServingNode.Model}/infer";
    private const string Mixed = "/v2/models/mixed/infer";
    private ServingNode _node = null!;
    private RestClient _client = null!;

    public static TheoryData<string> MalformedBodies =>
    [
        "", "{", "[]", "null", "{}", """{"inputs":[]}""", """{"inputs":{}}""", """{"inputs":[1]}""", """{"inputs":[{}]}""",
        """{"inputs":[],"inputs":[]}""", """{"inputs":[{"name":"rows","shape":[1,4],"data":[1,2,3,4]}]}""",
        Rows("FP33", "[1,4]", "[1,2,3,4]"), Rows("FP16", "[1,4]", "[1,2,3,4]"), Rows("BYTES", "[1,4]", """["1","2","3","4"]"""),
        Rows("FP32", "[4]", "[1,2,3,4]"), Rows("FP32", "[1,1,4]", "[1,2,3,4]"), Rows("FP32", "[]", "[1,2,3,4]"), Rows("FP32", "[0,4]", "[]"),
        Rows("FP32", "[-1,4]", "[1,2,3,4]"), Rows("FP32", "[1.5,4]", "[1,2,3,4]"), Rows("FP32", "[1,3]", "[1,2,3]"),
        Rows("FP32", "[1,5]", "[1,2,3,4,5]"), Rows("FP32", "[1,4]", "[1,2,3]"), Rows("FP32", "[1,4]", "[1,2,3,4,5]"),
        Rows("FP32", "[2,4]", "[[1,2,3,4],[5,6,7]]"), Rows("FP32", "[2,4]", "[[1,2,3],[4,5,6,7,8]]"), Rows("FP32", "[1,4]", "[[[1,2,3,4]]]"),
        Rows("FP32", "[2,4]", "[1,2,3,4,[5,6,7,8]]"), Rows("FP32", "[1,4]", """["NaN",2,3,4]"""), Rows("FP32", "[1,4]", "[NaN,2,3,4]"),
        Rows("FP32", "[1,4]", "[1e39,2,3,4]"), Rows("FP64", "[1,4]", "[1e300,2,3,4]"), Rows("FP32", "[1,4]", "[true,2,3,4]"),
        Rows("FP32", "[1,4]", "[{},2,3,4]"), Rows("INT8", "[1,4]", "[128,2,3,4]"), Rows("UINT8", "[1,4]", "[-1,2,3,4]"),
        Rows("INT32", "[1,4]", "[1.5,2,3,4]"), Rows("INT32", "[1,4]", "[null,2,3,4]"), Rows("BOOL", "[1,4]", "[1,0,0,0]"),
        Rows("FP32", "[1,4]", "[1,2,3,4]") + "x", Rows("FP32", "[1,4]", "[1,2,3,4],\"data\":[5,6,7,8]"),
        Rows("FP32", "[1,4]", "[1,2,3,4]", """,{"name":"other","datatype":"FP32","shape":[1,4],"data":[1,2,3,4]}"""),
        Rows("FP32", "[1,4]", "[1,2,3,4]", "],\"outputs\":[{\"name\":\"logits\"}"), Rows("FP32", "[1,4]", "[1,2,3,4]", "],\"outputs\":[{}"),
        Rows("FP32", "[1,4]", "[1,2,3,4]", "],\"outputs\":[{\"name\":\"label\"},{\"name\":\"label\"}"),
        Rows("FP32", "[1,4]", "[1,2,3,4]", "],\"outputs\":[{\"name\":\"label\",\"parameters\":{\"classification\":2}}"),
        Rows("FP32", "[1,4]", "[1,2,3,4],\"parameters\":{\"binary_data_size\":16}"),
        Rows("FP32", "[1000,1000000]", "[1]"), Rows("FP32", "[9223372036854775807,4]", "[1]").Replace("9223372036854775807", "99999999999999999999"),
    ];

    public static TheoryData<string> MalformedColumns =>
    [
        // The model has f0 (a category) and f1, f2 (numbers).
        Columns(""), Columns(Column("f0", "BYTES", "[\"tcp\"]"), Column("f1", "FP32", "[1]")),
        Columns(Column("f0", "FP32", "[1]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[\"tcp\"]"), Column("f1", "BYTES", "[\"1\"]"), Column("f2", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[1]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[\"\\ud800\"]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[\"tcp\"]"), Column("f1", "FP32", "[1]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[\"tcp\"]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]"), Column("f3", "FP32", "[1]")),
        Columns(Column("f0", "BYTES", "[\"tcp\"]"), Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1,2]", rows: 2)),
        Columns(Column("rows", "FP32", "[1,2]").Replace("[1,1]", "[1,2]")),
    ];

    public async ValueTask InitializeAsync()
    {
        _node = await ServingNode.StartAsync(TestModel.Create(), TestModel.Create("mixed", numbers: 2, categories: 1));
        _client = new(_node.Rest);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    [Trait("Attack", "sidecar-malformed")]
    public async Task Infer_MalformedBody_IsAnErrorThatSaysWhatToDo()
    {
        foreach (string body in MalformedBodies.Select(row => row.Data))
        {
            RestReply reply = await _client.PostAsync(Path, body);
            Assert.True((reply.Status, reply.Error.Length > 20) is (400, true), $"{body}: {reply.Status} {reply.Json}");
        }
    }

    [Fact]
    public async Task Infer_WrongColumns_IsAnErrorThatSaysWhatToDo()
    {
        foreach (string body in MalformedColumns.Select(row => row.Data))
        {
            RestReply reply = await _client.PostAsync(Mixed, body);
            Assert.True((reply.Status, reply.Error.Length > 20) is (400, true), $"{body}: {reply.Status} {reply.Json}");
        }
    }

    [Fact]
    public async Task Infer_BinaryOfAnotherLength_IsAnError()
    {
        foreach ((int stated, int actual, string? jsonLength) in ((int, int, string?)[])
        [
            (16, 12, null), (16, 20, null), (12, 12, null), (20, 20, null), (-1, 16, null), (16, 16, "5"), (16, 16, "1000000"), (16, 16, "-1"),
            (16, 16, "many"),
        ])
        {
            string json = $$"""{"inputs":[{"name":"rows","datatype":"FP32","shape":[1,4],"parameters":{"binary_data_size":{{stated}} } }]}""";

            RestReply reply = await _client.PostAsync(Path, json, new byte[actual], jsonLength);

            Assert.True((reply.Status, reply.Error.Length > 20) is (400, true), $"{stated} {actual} {jsonLength}: {reply.Status} {reply.Json}");
        }
    }

    [Fact]
    public async Task Infer_BinaryTextsThatAreCutOff_IsAnError()
    {
        foreach (byte[] texts in (byte[][])
        [
            [3, 0, 0, 0, 0x74, 0x63], [255, 255, 255, 255, 0x74], [3, 0], [1, 0, 0, 0, 0x74, 0], [1, 0, 0, 0, 0xFF],
        ])
        {
            string json = Columns(
                $$"""{"name":"f0","datatype":"BYTES","shape":[1,1],"parameters":{"binary_data_size":{{texts.Length}} } }""",
                Column("f1", "FP32", "[1]"), Column("f2", "FP32", "[1]"));

            RestReply reply = await _client.PostAsync(Mixed, json, texts);

            Assert.True(reply.Status == 400, $"{Convert.ToHexString(texts)}: {reply.Status} {reply.Json}");
        }
    }

    [Fact]
    public async Task Infer_MoreThanTheLimits_IsTooLarge()
    {
        RestReply rows = await _client.PostAsync(Path, Rows("FP32", "[1001,4]", "[1]"));
        RestReply body = await _client.PostAsync(Path, Rows("FP32", "[1,4]", "[1,2,3,4]" + new string(' ', 2 << 20)));

        Assert.Equal((413, 413), (rows.Status, body.Status));
        Assert.Contains("--max-rows", rows.Error, StringComparison.Ordinal);
        Assert.Contains("--max-body-mib", body.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_NameOfAnyText_IsQuotedAsOneLine()
    {
        RestReply reply = await _client.PostAsync(Path, Rows("FP32", "[1,4]", "[1,2,3,4]").Replace("rows", "a\\u001b[2J\\n" + new string('x', 5000)));
        RestReply unknown = await _client.PostAsync(Path, Rows("FP32", "[1,3]", "[1,2,3]").Replace("rows", "a\\u001b[2J\\n" + new string('x', 5000)));

        Assert.Equal((200, 400), (reply.Status, unknown.Status));
        Assert.True(unknown.Error.Length <= 400 && !unknown.Error.Any(char.IsControl), unknown.Error);
    }

    private static string Rows(string type, string shape, string data, string more = "") =>
        $$"""{"inputs":[{"name":"rows","datatype":"{{type}}","shape":{{shape}},"data":{{data}} }{{more}}]}""";

    private static string Columns(params string[] columns) => $$"""{"inputs":[{{string.Join(",", columns)}}]}""";

    private static string Column(string name, string type, string data, int rows = 1) =>
        $$"""{"name":"{{name}}","datatype":"{{type}}","shape":[{{rows}},1],"data":{{data}} }""";
}
