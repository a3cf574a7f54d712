using System.Net.Http.Json;
using System.Text.Json;
using Relay.TestKit;
using Relay.TestKit.Nodes;

namespace Relay.Server.Tests.OpenApi.Fuzz;

/// <summary>A relay with one or two of everything, and the values by which requests name them.</summary>
internal sealed class FuzzedRelay
{
    /// <summary>With the columns of <see cref="SmallModel"/>.</summary>
    private const string Dataset = """
        {
          "name": "rows",
          "columns": [
            { "name": "rate", "type": "number", "nodes": true }, { "name": "size", "type": "number", "nodes": true },
            { "name": "protocol", "type": "category", "nodes": true }, { "name": "verdict", "type": "label" }
          ],
          "label": { "classes": ["benign", "flood", "tunnel"] }
        }
        """;

    private readonly Dictionary<string, string[]> _known = new(StringComparer.Ordinal)
    {
        ["name"] = [SmallModel.Name, SmallModel.Name, "login-risk", "none"],
        ["version"] = ["1", "2", "3"],
        ["with"] = ["1", "2"],
        ["id"] = ["1", "2", "3", "4", "5"],
        ["alias"] = ["champion", "challenger"],
        ["channel"] = ["stable", "beta"],
        ["part"] = ["train", "test"],
        ["cursor"] = ["1", "5", SmallModel.Name],
        ["limit"] = ["1", "50", "200", "201"],
        ["at"] = ["2030-01-31T12:00:00Z", "2020-01-31T12:00:00Z"],
        ["since"] = ["2020-01-31T12:00:00Z"],
        ["until"] = ["2030-01-31T12:00:00Z"],
        ["notSeenSince"] = ["2020-01-31T12:00:00Z"],
        ["force"] = ["true", "false"],
        ["format"] = ["csv", "parquet", "ndjson"],
        ["hours"] = ["1", "72"],
        ["after"] = ["0", "3"],
        ["last"] = ["3", "10"],
        ["If-Match"] = ["*", "\"abc\""],
        ["Idempotency-Key"] = [.. Enumerable.Range(0, 50).Select(number => $"key-{number}")],
    };

    /// <summary>API keys of requests, the admin's first. That one has no id among the known values, so that no request revokes it.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>What a parameter of an operation may name; null for nothing.</summary>
    public IReadOnlyList<string>? Known(DocumentOperation operation, DocumentParameter parameter) =>
        _known.GetValueOrDefault($"{operation.Path.Split('/')[2]} {parameter.Name}") ?? _known.GetValueOrDefault(parameter.Name);

    public static async Task<FuzzedRelay> PrepareAsync(TestRelay relay, CancellationToken cancel)
    {
        await relay.TrainSmallAsync(cancellationToken: cancel);
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 6, cancellationToken: cancel));
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(relay, "shop-7");
        node.Dispose();
        client.Dispose();
        await PostAsync(relay, "/v1/datasets", JsonSerializer.Deserialize<JsonElement>(Dataset), cancel);
        object trigger = new { model = SmallModel.Name, data = new { dataset = new { name = "rows" } }, rule = new { newSamples = 10_000 } };
        await PostAsync(relay, "/v1/training-triggers", trigger, cancel);
        await PostAsync(
            relay, "/v1/webhooks", new { url = "https://localhost:1/hook", events = new[] { "rollout.halted" }, name = "ops" }, cancel);

        List<string> keys = [relay.AdminKey];
        List<string> ids = [];
        foreach (string role in (string[])["trainer", "approver", "operator", "auditor", "node"])
        {
            JsonElement issued = await PostAsync(relay, "/v1/api-keys", new { name = "fuzz", role }, cancel);
            keys.Add(issued.GetProperty("text").GetString()!);
            ids.Add(issued.GetProperty("key").GetProperty("id").GetString()!);
        }

        string targets = Path.Combine(relay.DataFolder, "repository", "targets");
        FuzzedRelay fuzzed = new() { Keys = keys };
        fuzzed._known["api-keys id"] = [.. ids];
        fuzzed._known["nodes id"] = ["shop-7", "shop-8"];
        fuzzed._known["datasets name"] = ["rows", "rows", "logins"];
        fuzzed._known["repository path"] =
            [.. Directory.EnumerateFiles(targets, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(targets, file)).Take(5)];
        fuzzed._known["repository file"] = ["1.root.json", "1.targets.json", "2.snapshot.json"];
        fuzzed._known["models file"] = await FilesAsync(relay, cancel);
        return fuzzed;
    }

    private static async Task<string[]> FilesAsync(TestRelay relay, CancellationToken cancel)
    {
        using HttpResponseMessage files = await relay.Admin.GetAsync($"/v1/models/{SmallModel.Name}/versions/1/files", cancel);
        using JsonDocument list = JsonDocument.Parse(await files.Content.ReadAsStringAsync(cancel));
        return [.. list.RootElement.GetProperty("items").EnumerateArray().Select(file => file.GetProperty("name").GetString()!)];
    }

    private static async Task<JsonElement> PostAsync(TestRelay relay, string path, object body, CancellationToken cancel)
    {
        using HttpResponseMessage made = await relay.Admin.PostAsJsonAsync(path, body, cancel);
        string answer = await made.Content.ReadAsStringAsync(cancel);
        Assert.True(made.IsSuccessStatusCode, $"{path}: {answer}");
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }
}
