using System.Net.Http.Headers;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

/// <summary>The text of <c>/metrics</c> is one that every collector takes.</summary>
public sealed class ExpositionTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Metrics_OfARelayThatDidAllItDoes_AreSoundText()
    {
        await SmallDataset.CreateAsync(own.Relay, "sound");
        await own.Relay.PublishAsync("stable", await own.Relay.TrainSmallAsync(trees: 2));
        await Scrape.ReadAsync(own.Relay, scrape => scrape.Types.ContainsKey("relay_training_run_duration_seconds"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics")
        {
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/plain") } },
        };

        using HttpResponseMessage answer = await own.Relay.Admin.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("\nrelay_training_run_duration_seconds_bucket{", text, StringComparison.Ordinal);
        Assert.Empty(ExpositionParser.FindErrors(text));
    }

    /// <summary>They are most of the series of a relay: a version of HTTP is no reason for as many again.</summary>
    [Fact]
    public async Task Metrics_OfRequests_HaveTheLabelsOfTheGuideAlone()
    {
        (await own.Relay.Anonymous.GetAsync(Routes.Models)).Dispose();

        Scrape scrape = await Scrape.ReadAsync(own.Relay, scrape => scrape["http_server_request_duration_seconds_count"] > 0);

        string[] labels = [.. scrape.Series.Where(series => series.Name.StartsWith("http_server_request_duration", StringComparison.Ordinal))
            .SelectMany(series => series.Labels.Keys)];
        string[] known = ["error_type", "http_request_method", "http_response_status_code", "http_route", "le", "otel_scope_name"];
        Assert.Empty(labels.Except(known));
    }

    [Theory]
    [InlineData("# TYPE a_total counter\n# HELP a_total x\na_total 1\n", 0)]
    [InlineData("# TYPE a_total counter\n# HELP a_total x\na_total{x=\"1\"} 1\na_total{x=\"1\"} 2\n", 1)]
    [InlineData("# TYPE a counter\n# HELP a x\na 1\n", 1)]
    [InlineData("# TYPE a gauge\na 1\n", 1)]
    [InlineData("# TYPE a gauge\n# HELP a x\na 1", 1)]
    [InlineData("# TYPE a gauge\n# HELP a x\na{x=\"\"\"} 1\n", 1)]
    [InlineData("# TYPE a gauge\n# HELP a x\n# TYPE b gauge\n# HELP b x\nb 1\na 1\n", 1)]
    [InlineData("# TYPE a histogram\n# HELP a x\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n", 1)]
    [InlineData("# TYPE a histogram\n# HELP a x\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n", 0)]
    public void FindErrors_OfATextWithOneFault_IsOne(string text, int errors) => Assert.Equal(errors, ExpositionParser.FindErrors(text).Count);
}
