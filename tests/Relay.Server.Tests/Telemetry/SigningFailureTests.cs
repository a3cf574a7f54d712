using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Relay.Server.Keys.Signers;
using Relay.Server.Signing;
using Relay.Server.Telemetry;
using Relay.Server.Tests.Monitoring;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Telemetry;

public sealed class SigningFailureTests
{
    public static TheoryData<Exception, string> Causes => new()
    {
        { new SigningException("no command"), "key" },
        { new SigningException("no time stamp") { Fault = SigningFault.Authority }, "authority" },
        { new SigningException("no time") { Fault = SigningFault.Clock }, "clock" },
        { new CryptographicException("no handle"), "key" },
        { new IOException("no space"), "storage" },
        { new UnauthorizedAccessException("no access"), "storage" },
        { new InvalidDataException("no metadata"), "other" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void CountFailure_OfEachKind_IsCountedByItsCause(Exception error, string cause)
    {
        List<(long Value, string Purpose, string Cause)> counted = [];
        RelayMeter meter = DetachedMeter.Create();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter, meter.Meter))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.Add((value, (string)tags[0].Value!, (string)tags[1].Value!)));
        listener.Start();
        SigningMeter signing = new(meter);
        int series = counted.Count;

        signing.CountFailure(SigningMeter.Renewal, error);

        Assert.Equal((1, "renewal", cause), Assert.Single(counted, one => one.Value > 0));
        Assert.Contains(counted.Take(series), one => one == (0, "renewal", cause));
    }

    [Fact]
    public async Task Publish_KeyThatIsLost_SaysSoIsCountedAndEndsItsSpansWithAnError()
    {
        using RecordedSpans spans = new();
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync(trees: 2);
        File.Delete(Path.Combine(relay.DataFolder, "keys", "timestamp.pem"));
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        using HttpRequestMessage request = new(HttpMethod.Post, Routes.ReleaseOf("stable"))
        {
            Content = JsonContent.Create(new ReleaseRequest { Models = [version] }, RelayApiJson.Default.ReleaseRequest),
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" } },
        };

        using HttpResponseMessage answer = await relay.Admin.SendAsync(request);

        Assert.Equal("signing-unavailable", await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Activity asked = await Eventually.GetAsync(
            () => Task.FromResult(spans.Find(trace).FirstOrDefault()!), span => span is not null, "the request ended");
        Assert.All(
            (string[])["publish", "sign metadata"],
            name => Assert.Equal(
                (ActivityStatusCode.Error, nameof(SigningException)),
                spans.Find(Assert.Single(asked.Links).Context.TraceId).Where(span => span.DisplayName == name)
                    .Select(span => (span.Status, span.GetTagItem("error.type"))).Single()));
        Scrape scrape = await Scrape.ReadAsync(relay);
        Assert.Equal(1, scrape["relay_signing_failures_total", ("purpose", "request"), ("cause", "key")]);
        Assert.Equal(1, scrape["relay_signing_failures_total"]);
    }
}
