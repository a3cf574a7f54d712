using System.Net;
using Shared.Contracts.Http;

namespace Shared.Contracts.Tests.Http;

public sealed class HttpFeatureExtractorTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);   // a Monday
    private readonly HttpFeatureExtractor _extractor = new();

    [Fact]
    public void Extract_OneRequest_GivesEveryFeatureOfTheContract()
    {
        float[] features = Extract(Noon, "203.0.113.7", "post", "/Shop/item%2042?q=a+b&x=1",
            ("Host", "shop.example"), ("User-Agent", "probe/1.0"), ("X-Forwarded-For", "10.0.0.1"), ("Via", "1.1 cache"),
            ("X-Note", "run EVAL now"), ("X-Other", @"a\r\nb"));

        float[] expected =
        [
            203, 0, 113, 7,
            1, 0,
            25, 9,
            // decoded: "/Shop/item 42" and "?q=a b&x=1"
            3, 6, 1, 11, 2,
            2, 2,
            12, 0,
            0, 0, 0,
            6, 2, 0, 1, 1, 1,
            0, 0,
            1,
        ];
        Assert.Equal(expected, features);
    }

    [Fact]
    public void Extract_SeveralRequests_MeasuresRhythmAsPopulationVariance()
    {
        Extract(Noon, "203.0.113.7");
        Extract(Noon.AddSeconds(1), "203.0.113.7");
        float[] features = Extract(Noon.AddSeconds(4), "203.0.113.7");   // intervals 1 and 3: mean 2, variance 1

        Assert.Equal(3, features[4]);
        Assert.Equal(4, features[17]);
        Assert.Equal(3, features[18]);
        Assert.Equal(1, features[19]);
    }

    [Fact]
    public void Extract_AfterFiveMinutes_ForgetsOldRequests()
    {
        Extract(Noon, "203.0.113.7");
        Extract(Noon.AddSeconds(1), "203.0.113.7");

        Assert.Equal(3, Extract(Noon.AddSeconds(299), "203.0.113.7")[4]);
        Assert.Equal(3, Extract(Noon.AddSeconds(300), "203.0.113.7")[4]);   // the first one has left, this one has come
    }

    [Fact]
    public void RecordFailedLogin_WithinThirtyMinutes_CountsForThatClientOnly()
    {
        IPAddress guesser = IPAddress.Parse("203.0.113.7");
        _extractor.RecordFailedLogin(guesser, Noon);
        _extractor.RecordFailedLogin(guesser, Noon.AddMinutes(20));

        Assert.Equal(2, Extract(Noon.AddMinutes(29), "203.0.113.7")[5]);
        Assert.Equal(1, Extract(Noon.AddMinutes(31), "203.0.113.7")[5]);
        Assert.Equal(0, Extract(Noon.AddMinutes(31), "203.0.113.8")[5]);
    }

    [Fact]
    public void Extract_SameFingerprintFromThreeAddresses_CountsThem()
    {
        Extract(Noon, "203.0.113.1");
        Extract(Noon, "203.0.113.2");
        Extract(Noon, "203.0.113.2");

        Assert.Equal(3, Extract(Noon, "203.0.113.3")[28]);
        Assert.Equal(1, Extract(Noon, "203.0.113.3", "GET", "/", ("User-Agent", "other"))[28]);
    }

    [Fact]
    public void Extract_ClockStepsBack_NeverGivesANegativeInterval()
    {
        Extract(Noon, "203.0.113.7");
        float[] features = Extract(Noon.AddSeconds(-30), "203.0.113.7");

        Assert.Equal((0f, 0f, 0f), (features[17], features[18], features[19]));
        Assert.Equal(2, features[4]);
    }

    [Theory]
    [InlineData("::ffff:203.0.113.7", new float[] { 203, 0, 113, 7 })]
    [InlineData("2001:db8:1:2::5", new float[] { 0x20 ^ 0, 0x01 ^ 1, 0x0d ^ 0, 0xb8 ^ 2 })]
    public void Extract_IPv6_FollowsTheFoldingRule(string address, float[] octets) =>
        Assert.Equal(octets, Extract(Noon, address)[..4]);

    [Fact]
    public void Extract_TwoAddressesOfOnePrefix_ShareTheirHistory()
    {
        Extract(Noon, "2001:db8:1:2::5");
        Assert.Equal(2, Extract(Noon, "2001:db8:1:2:ffff::1")[4]);
        Assert.Equal(1, Extract(Noon, "2001:db8:1:3::1")[4]);
    }

    [Fact]
    public void Extract_MoreClientsThanCapacity_ForgetsTheLongestUnseen()
    {
        HttpFeatureExtractor small = new(clientCapacity: 2);
        float[] features = new float[HttpFeatureSchema.Count];
        foreach (string address in (string[])["203.0.113.1", "203.0.113.2", "203.0.113.1", "203.0.113.3", "203.0.113.1"])
        {
            small.Extract(new(Noon, IPAddress.Parse(address), "GET", "/", []), features);
        }

        Assert.Equal(3, features[4]);
        small.Extract(new(Noon, IPAddress.Parse("203.0.113.2"), "GET", "/", []), features);
        Assert.Equal(1, features[4]);
    }

    private float[] Extract(
        DateTimeOffset at, string address, string method = "GET", string target = "/", params (string Name, string Value)[] headers)
    {
        float[] features = new float[HttpFeatureSchema.Count];
        _extractor.Extract(
            new(at, IPAddress.Parse(address), method, target, [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]),
            features);
        return features;
    }
}
