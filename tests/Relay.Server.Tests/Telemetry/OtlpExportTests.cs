using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using Relay.Server.Cli;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Telemetry;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Telemetry;

public sealed class OtlpExportTests(PublishedRelay silent)
{
    [Fact]
    public async Task Relay_WithACollector_ExportsTracesAndMetricsAndNamesTheTraceOfAnAnswer()
    {
        await using CollectorStub collector = await CollectorStub.StartAsync();
        TelemetrySettings settings = TelemetrySettings.Read(new Hashtable { ["OTEL_SERVICE_NAME"] = "relay-of-the-test" }, collector.Address);
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Telemetry = settings });
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 2));
        using HttpResponseMessage answer = await relay.Admin.GetAsync(Routes.Models);
        using HttpResponseMessage untraced = await relay.Admin.GetAsync("/health/live");
        string trace = Assert.Single(answer.Headers.GetValues("Server-Timing"));

        // By exception, by a problem of the route, and by no route.
        using HttpResponseMessage malformed = await relay.Admin.PostAsync(Routes.TrainingRuns, HttpResponses.Json("{"));
        using HttpResponseMessage refused = await relay.Admin.GetAsync($"{Routes.Fleet}?hours=0");
        using HttpResponseMessage unknown = await relay.Admin.GetAsync("/no-such-route");
        using HttpResponseMessage keyless = await relay.Anonymous.GetAsync(Routes.Models);

        // The end of the relay sends what it holds.
        await relay.StopAsync();

        Assert.Matches("^traceparent;desc=\"00-[0-9a-f]{32}-[0-9a-f]{16}-01\"$", trace);
        Assert.False(untraced.Headers.Contains("Server-Timing"));
        Assert.All([malformed, refused, unknown, keyless], error =>
        {
            Assert.False(error.IsSuccessStatusCode);
            Assert.Single(error.Headers.GetValues("Server-Timing"));
        });
        string traces = collector.Read("/v1/traces");
        foreach (string name in (string[])["train", "sign", "publish", "sign metadata", "relay-of-the-test"])
        {
            Assert.Contains(name, traces, StringComparison.Ordinal);
        }

        string metrics = collector.Read("/v1/metrics");
        Assert.Contains("relay.training.run.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("relay.expiry.remaining", metrics, StringComparison.Ordinal);
        Assert.Equal(["application/x-protobuf"], collector.Types);
    }

    [Fact]
    public async Task Relay_WithoutACollector_NamesNoTrace()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Routes.Models)
        {
            Headers = { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } },
        };

        using HttpResponseMessage answer = await silent.Relay.Admin.SendAsync(request);

        Assert.False(answer.Headers.Contains("Server-Timing"));
        Assert.Null(silent.Relay.Services.GetService<TracerProvider>());
    }

    [Fact]
    public async Task Relay_WithACollectorThatIsNotThere_ServesAndStops()
    {
        TelemetrySettings settings = TelemetrySettings.Read(new Hashtable(), new Uri("http://127.0.0.1:1"));
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Telemetry = settings });

        using HttpResponseMessage answer = await relay.Admin.GetAsync(Routes.Models);
        await relay.StopAsync();

        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("", "", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://collector:4318/v1/traces", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://collector:4318/v1/metrics", false, true)]
    [InlineData("OTEL_SERVICE_NAME", "relay", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false, false)]
    public void Settings_OfTheEnvironment_SayWhatIsExported(string name, string value, bool traces, bool metrics)
    {
        TelemetrySettings settings = TelemetrySettings.Read(new Hashtable { [name] = value, ["PATH"] = "/bin" }, null);

        Assert.Equal((traces, metrics), (settings.ExportsTraces, settings.ExportsMetrics));
        Assert.DoesNotContain("PATH", settings.Variables.Keys);
    }

    [Fact]
    public void Settings_SwitchedOff_ExportNothing()
    {
        Hashtable variables = new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318" };
        TelemetrySettings off = TelemetrySettings.Read(new Hashtable(variables) { ["OTEL_SDK_DISABLED"] = "true" }, null);
        TelemetrySettings metricsOnly = TelemetrySettings.Read(new Hashtable(variables) { ["OTEL_TRACES_EXPORTER"] = "none" }, null);

        Assert.Equal((false, false), (off.ExportsTraces, off.ExportsMetrics));
        Assert.Equal((false, true), (metricsOnly.ExportsTraces, metricsOnly.ExportsMetrics));
    }

    [Fact]
    public void Settings_AddressOfTheCommandLine_TakesThePlaceOfAll()
    {
        TelemetrySettings settings = TelemetrySettings.Read(
            new Hashtable
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://a:4317",
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://b:4317",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            },
            new Uri("http://c:4317"));

        Assert.Equal(
            [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4317/"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
            settings.Variables.Select(variable => (variable.Key, variable.Value!)).Order());
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("collector:4318")]
    [InlineData("ftp://collector")]
    public async Task Serve_CollectorThatIsNoAddress_IsRefused(string collector)
    {
        using StringWriter error = new();

        int code = await CommandLine.RunAsync(RelayCommand.Create(), ["serve", "--otlp", collector], TextWriter.Null, error);

        Assert.NotEqual(0, code);
        Assert.Contains("--otlp takes an address", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("ftp://collector")]
    [InlineData("/v1/traces")]
    public async Task Start_EndpointThatIsNoAddress_SaysSoBeforeItTouchesTheFolder(string endpoint)
    {
        using TemporaryFolder folder = new();
        RelayOptions options = new()
        {
            DataFolder = folder.Combine("data"),
            Telemetry = TelemetrySettings.Read(new Hashtable { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint }, null),
        };

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(() => RelayHost.BuildAsync(options, CancellationToken.None));

        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Combine("data")));
    }
}
