using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using Shared.Contracts.Http;
using Shared.Contracts.Models;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>The programs of README and node guide, run as they stand there: what a newcomer's first requests are answered.</summary>
public sealed partial class SampleTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    /// <summary>By this update, or by one that the relay's event started before it.</summary>
    private static async Task AssertHasReleaseAsync(SampleHost sample)
    {
        RefreshResult refreshed = await sample.Node.RefreshAsync(Cancel);
        Assert.True(sample.Node.Status.Release == 1, $"{refreshed.Refusal}");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _relay = await TestRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task MinimalNode_BeforeAndAfterTheFirstRelease_AnswersWhatTheRowDeserves(string environment)
    {
        await using SampleHost sample = await SampleHost.StartAsync(_relay, "MinimalNode", environment);
        using (HttpResponseMessage early = await PostAsync(sample, "/score", "[1, 2]"))
        {
            await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, early);
            Assert.NotNull(early.Headers.RetryAfter);
        }

        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", "threat-classifier.json")));
        spec = spec with { Parameters = new ModelParameters { Trees = 3, Depth = 6, Seed = 1 } };
        await _relay.PublishAsync("stable", await _relay.TrainAsync(spec, new() { Simulator = new SimulatorSource(1, 5000) }, Cancel));
        await AssertHasReleaseAsync(sample);
        int width = HttpFeatureSchema.Names.Count(name => !HttpFeatureSchema.IsReserved(name));

        // JSON has no NaN: null is the missing value, and is answered as NaN is.
        float?[] row = [.. Enumerable.Range(0, width).Select(i => i % 3 == 0 ? (float?)null : i)];
        Prediction expected = sample.Node.Model("threat-classifier").Predict([.. row.Select(value => value ?? float.NaN)]);
        using HttpResponseMessage answered = await PostAsync(sample, "/score", JsonSerializer.Serialize(row));
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal(expected, await answered.Content.ReadFromJsonAsync<Prediction>(Cancel));

        string wide = JsonSerializer.Serialize(row.Append(1));
        foreach (string body in (string[])["[]", "[1, 2]", wide, "[1, \"a\"]", "{}", "null", "", "[1"])
        {
            using HttpResponseMessage refused = await PostAsync(sample, "/score", body);
            await AssertProblemAsync(HttpStatusCode.BadRequest, refused);
        }
    }

    [Fact]
    public async Task TypedNode_OnTheModelOfItsGuide_AnswersRowsAndMissingValues()
    {
        await using SampleHost sample = await SampleHost.StartAsync(_relay, "TypedNode", "Development");
        using (HttpResponseMessage early = await PostAsync(sample, "/login", "{}"))
        {
            await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, early);
            Assert.NotNull(early.Headers.RetryAfter);
        }

        await _relay.PublishAsync("stable", await TrainLoginsAsync(null));
        await AssertHasReleaseAsync(sample);

        IRelayModel model = sample.Node.Model("login-risk");
        Prediction attack = await LoginAsync(sample, """{ "duration": 0.1, "sent": 900, "protocol": "udp", "urgency": 1 }""");
        Assert.Equal(model.Predict([0.1f, 900, 1], ["udp"]), attack);
        Assert.Equal("attack", attack.Label);
        Assert.Equal(
            model.Predict([float.NaN, float.NaN, float.NaN], [""]), await LoginAsync(sample, """{ "duration": null, "protocol": null }"""));

        using HttpResponseMessage why = await PostAsync(sample, "/login/why", """{ "sent": 900, "protocol": "udp" }""");
        Assert.Equal(HttpStatusCode.OK, why.StatusCode);
        using HttpResponseMessage wrong = await PostAsync(sample, "/login", """{ "sent": "many" }""");
        await AssertProblemAsync(HttpStatusCode.BadRequest, wrong);
    }

    [Fact]
    public async Task TypedNode_SampleAndLaterLabel_AreInTheDatasetWithoutACall()
    {
        await CreateLoginsAsync();
        string token = await _relay.CreateEnrollmentTokenAsync();
        await using SampleHost sample = await SampleHost.StartAsync(_relay, "TypedNode", "Production", options =>
        {
            (options.EnrollmentToken, options.EnrollmentTokenFile) = (token, null);
            options.Samples = new SampleOptions { Interval = TimeSpan.FromSeconds(1) };
        });
        await _relay.PublishAsync("stable", await TrainLoginsAsync(new SampleConsent("logins", ["src_bytes", "protocol"])));
        await AssertHasReleaseAsync(sample);

        using HttpResponseMessage recorded = await PostAsync(sample, "/login/sample", """{ "duration": 0.1, "sent": 900, "protocol": "udp" }""");
        string id = await recorded.Content.ReadAsStringAsync(Cancel);
        using HttpResponseMessage labeled = await PostAsync(sample, $"/login/label?id={id}&label=attack", "");
        Assert.Equal("true", await labeled.Content.ReadAsStringAsync(Cancel));

        // The worker of the node sends by itself.
        DatasetView? dataset = await Eventually.GetAsync(
            () => _relay.Admin.GetFromJsonAsync(Routes.DatasetOf("logins"), RelayApiJson.Default.DatasetView, Cancel),
            view => view is { Rows: 1, Labels: 1 },
            "the dataset had the row and its label",
            cancellationToken: Cancel);
        Assert.Equal(new DatasetSource("node:sample", 1, 1), Assert.Single(dataset!.Sources));
    }

    private async Task<ModelVersion> TrainLoginsAsync(SampleConsent? samples)
    {
        string guide = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "guides", "node.md"), Cancel);
        ModelSpec spec = ModelSpecParser.Parse(JsonBlock().Match(guide).Groups[1].Value);
        await File.WriteAllTextAsync(Path.Combine(_relay.DatasetsFolder, "logins.csv"), Logins(), Cancel);
        return await _relay.TrainAsync(
            spec with { Parameters = new ModelParameters { Trees = 5, Depth = 4, Seed = 1 }, Samples = samples },
            new() { Train = "logins.csv" },
            Cancel);
    }

    private async Task CreateLoginsAsync()
    {
        DatasetSpec logins = new()
        {
            Name = "logins",
            Columns =
            [
                new("src_bytes", ColumnType.Number) { Nodes = true },
                new("protocol", ColumnType.Category) { Nodes = true },
                new("verdict", ColumnType.Label) { Nodes = true },
            ],
            Label = new DatasetLabel { Classes = ["normal", "attack"] },
        };
        using HttpResponseMessage created = await _relay.Admin.PostAsJsonAsync(Routes.Datasets, logins, RelayApiJson.Default.DatasetSpec, Cancel);
        created.EnsureSuccessStatusCode();
    }

    private static async Task<Prediction> LoginAsync(SampleHost sample, string row)
    {
        using HttpResponseMessage response = await PostAsync(sample, "/login", row);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<Prediction>(Cancel);
    }

    private static Task<HttpResponseMessage> PostAsync(SampleHost sample, string path, string json) =>
        sample.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancel);

    private static async Task AssertProblemAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    private static string Logins()
    {
        StringBuilder csv = new("duration,src_bytes,protocol,urgency,verdict\n");
        for (int i = 0; i < 200; i++)
        {
            string protocol = i % 2 == 0 ? "tcp" : "udp";
            int bytes = i * 37 % 1000;
            csv.Append(Invariant($"{i % 7},{bytes},{protocol},{i % 3},{(protocol == "udp" && bytes > 500 ? "attack" : "normal")}\n"));
        }

        return csv.ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
