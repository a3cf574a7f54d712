using System.Net;
using Shared.Contracts.Http;

namespace Shared.Contracts.Tests.Http;

/// <summary>The extractor against the words of its contract, on requests of every kind.</summary>
public sealed class HttpFeatureExtractorReferenceTests
{
    private static readonly string[] Names =
    [
        "Host", "User-Agent", "user-agent", "Accept", "Accept-Language", "Accept-Encoding", "X-Forwarded-For", "X-Real-IP", "Via", "via", "Forwarded",
        "Cookie", "X", "",
    ];

    private static readonly string[] Values =
        ["", "a", "Mozilla/5.0 (X11; Linux)", "text/html", "eVal(x)", "<SCRIPT>", @"a\r\nb", @"\n", "cm d", "en-GB,en;q=0.9", "exec cmd"];

    private static readonly string[] Parts =
    [
        "/", "a", "Z", "9", "%20", "+", "?", "&", "=", "%2B", "%C3%A9", "%FF", "%", "%4", "é", "Ω", "٣", " ", "%00", "..%2f", "%E2%82%AC",
        "x%F0%9F%98%80",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Extract_RequestsOfEveryKind_GivesTheBitsOfTheContract(int seed)
    {
        Random random = new(seed);
        HttpFeatureExtractor extractor = new();
        ReferenceExtractor reference = new();
        DateTimeOffset at = new(2026, 3, 1, 23, 59, 50, TimeSpan.Zero);
        float[] features = new float[HttpFeatureSchema.Count];
        for (int i = 0; i < 1_500; i++)
        {
            // Bursts within a second, and pauses beyond both windows.
            at += TimeSpan.FromSeconds(random.Next(20) switch { 0 => random.Next(2_500), < 5 => random.Next(60), _ => random.NextDouble() });
            HttpRequestFacts request = new(
                at, Address(random), Choose(random, "GET", "post", "PUT", "Delete", "HEAD", "PATCH"), Target(random), Headers(random));

            extractor.Extract(request, features);

            Assert.Equal(reference.Extract(request), features);
            if (random.Next(4) == 0)
            {
                extractor.RecordFailedLogin(request.Client, at);
                reference.RecordFailedLogin(request.Client, at);
            }
        }
    }

    [Fact]
    public void Extract_TargetLongerThanAnyBuffer_IsCountedWhole()
    {
        HttpRequestFacts request = new(
            DateTimeOffset.UnixEpoch, IPAddress.Loopback, "GET",
            string.Concat(Enumerable.Repeat("/%41b+1", 5_000)) + "?" + new string('+', 3_000) + "%20", []);
        float[] features = new float[HttpFeatureSchema.Count];

        new HttpFeatureExtractor().Extract(request, features);

        Assert.Equal(new ReferenceExtractor().Extract(request), features);
    }

    private static string Target(Random random) => "/" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Choose(random, Parts)));

    private static KeyValuePair<string, string>[] Headers(Random random) =>
        [.. Enumerable.Range(0, random.Next(8)).Select(_ => KeyValuePair.Create(Choose(random, Names), Choose(random, Values)))];

    private static IPAddress Address(Random random) => IPAddress.Parse(random.Next(4) switch
    {
        0 => $"203.0.113.{random.Next(20)}",
        1 => $"::ffff:203.0.113.{random.Next(20)}",
        2 => $"2001:db8:0:{random.Next(6)}::{random.Next(3)}",

        // Its first half is the address 203.0.113.1 with zeros.
        _ => "cb00:7101::1",
    });

    private static T Choose<T>(Random random, params T[] values) => values[random.Next(values.Length)];
}
