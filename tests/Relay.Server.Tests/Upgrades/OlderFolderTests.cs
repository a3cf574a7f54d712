using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.OpenApi.Fuzz;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Upgrades;

/// <summary>This relay starts in the folders that earlier ones left, and answers about what is in them as they did. <c>build/folder-fixture</c> adds
/// the folder of the current one: once for each release.</summary>
public sealed class OlderFolderTests
{
    private const string Answers = "answers.json";

    /// <summary>Members that say when and not what: the relay signs again, and keys are used.</summary>
    private static readonly string[] Moving = ["expires", "lastUsedAt", "timestamp", "snapshot", "bytes"];

    private static readonly string[] Routes =
    [
        "/v1/models", "/v1/models/small", "/v1/models/small/versions", "/v1/models/small/versions/1", "/v1/models/small/versions/2/files",
        "/v1/models/small/versions/2/card.json", "/v1/models/small/aliases", "/v1/models/small/aliases/champion/history", "/v1/training-runs",
        "/v1/training-triggers", "/v1/channels", "/v1/releases", "/v1/revocations", "/v1/datasets", "/v1/datasets/rows", "/v1/nodes",
        "/v1/nodes/open-1/check-ins", "/v1/enrollment-tokens", "/v1/api-keys", "/v1/webhooks", "/v1/audit?limit=200",
    ];

    private static string Fixtures { get; } = RepositoryRoot.Combine("tests", "Relay.Server.Tests", "Upgrades", "Folders");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Folders => [.. Directory.EnumerateFiles(Fixtures, "*.tar.gz").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Start_InAnOlderFolder_KeepsAllThatItHas(string name)
    {
        // Its clock is far ahead of the folder, further each year; and its admin key is in no file.
        await using TestRelay relay = await TestRelay.StartInAsync(
            data => Extract(name, data), options => options with { NewAdminKey = true, ClockIsRight = true, PrivateWebhooks = true });
        HttpClient admin = relay.Admin;
        JsonObject before = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(relay.DataFolder, Answers), Cancel))!.AsObject();
        foreach ((string route, JsonNode? answer) in before)
        {
            JsonNode now = JsonNode.Parse(await admin.GetStringAsync(route, Cancel))!;
            string? loss = FindLoss(answer!, now, route);
            Assert.True(loss is null, loss);
        }

        using HttpResponseMessage ready = await admin.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        // What it can do after that: train on, and publish.
        using HttpResponseMessage started = await admin.PostAsJsonAsync(
            "/v1/training-runs", new TrainingRunRequest("small", SmallModel.Data) { Accept = TestRelay.AnyIncumbent },
            RelayApiJson.Default.TrainingRunRequest, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        TrainingRun run = (await started.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, Cancel))!;
        run = await admin.WaitForRunAsync(run.Id, found => found.IsFinished, Cancel);
        Assert.Equal((TrainingRunState.Succeeded, 3), (run.State, run.Version));
        await relay.StopAsync();
        RelayCommandRun doctor = await RelayCommandRun.RunAsync("doctor", "--data", relay.DataFolder);
        Assert.True(doctor.Code == 0, doctor.Output + doctor.Error);
    }

    /// <summary>Not a test of the relay: it writes the fixture of this version.</summary>
    [Fact]
    public async Task Write_FolderOfThisVersion()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("RELAY_WRITE_FOLDER") is { Length: > 0 }, "runs under build/folder-fixture");
        string name = Environment.GetEnvironmentVariable("RELAY_WRITE_FOLDER")!;
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { PrivateWebhooks = true });
        await FuzzedRelay.PrepareAsync(relay, Cancel);
        await PutAsync(relay, "/v1/models/small/aliases/champion", new { version = 2 });
        string report = OpenApi.BodyExamples.Table["POST /v1/nodes/{id}/check-ins"].Replace("shop-7", "open-1", StringComparison.Ordinal);
        using HttpResponseMessage reported = await relay.Anonymous.PostAsJsonAsync("/v1/nodes/open-1/check-ins", JsonNode.Parse(report), Cancel);
        using HttpResponseMessage revoked = await relay.Admin.PostAsJsonAsync(
            "/v1/models/small/versions/1/revoke", new { reason = "a fixture" }, Cancel);
        revoked.EnsureSuccessStatusCode();
        JsonObject answers = [];
        foreach (string route in Routes)
        {
            answers[route] = JsonNode.Parse(await relay.Admin.GetStringAsync(route, Cancel));
        }

        await relay.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(relay.DataFolder, Answers), answers.ToJsonString(), Cancel);
        Directory.CreateDirectory(Fixtures);
        await using FileStream file = File.Create(Path.Combine(Fixtures, name + ".tar.gz"));
        await using GZipStream compressed = new(file, CompressionLevel.SmallestSize);
        await TarFile.CreateFromDirectoryAsync(relay.DataFolder, compressed, includeBaseDirectory: false, Cancel);
    }

    private static async Task PutAsync(TestRelay relay, string path, object body)
    {
        using HttpResponseMessage put = await relay.Admin.PutAsJsonAsync(path, body, Cancel);
        put.EnsureSuccessStatusCode();
    }

    /// <summary>The first place where an answer has not what it had; null where it has all of it, and perhaps more.</summary>
    private static string? FindLoss(JsonNode before, JsonNode? now, string place) => (before, now) switch
    {
        (JsonObject was, JsonObject has) => was.Where(member => !Moving.Contains(member.Key) && member.Value is not null)
            .Select(member => FindLoss(member.Value!, has[member.Key], $"{place}.{member.Key}")).FirstOrDefault(loss => loss is not null),
        (JsonArray was, JsonArray has) => was.Where(item => !IsAdminKey(item)).Select((item, index) => FindLoss(
                item!, has.FirstOrDefault(other => FindLoss(item!, other, "") is null), $"{place}[{index}]"))
            .FirstOrDefault(loss => loss is not null),
        _ => JsonNode.DeepEquals(before, now) ? null : $"{place} was {before.ToJsonString()} and is {now?.ToJsonString() ?? "missing"}",
    };

    // A new admin key revokes the others.
    private static bool IsAdminKey(JsonNode? item) => item is JsonObject key && (string?)key["role"] == "admin";

    private static void Extract(string name, string data)
    {
        Directory.CreateDirectory(data);
        using FileStream file = File.OpenRead(Path.Combine(Fixtures, name));
        using GZipStream content = new(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(content, data, overwriteFiles: false);
    }
}
