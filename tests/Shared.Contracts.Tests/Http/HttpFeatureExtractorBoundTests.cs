using System.Net;
using Shared.Contracts.Http;

namespace Shared.Contracts.Tests.Http;

/// <summary>Strangers choose addresses and headers: neither their number nor their choice makes the extractor grow beyond its bound.</summary>
public sealed class HttpFeatureExtractorBoundTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("Attack", "extractor-memory")]
    public void Extract_MoreAddressesAndFingerprintsThanCapacity_AllocatesNothingMore()
    {
        const int count = 50_000;
        HttpFeatureExtractor extractor = new(clientCapacity: 1_000);
        IPAddress[] clients = [.. Enumerable.Range(0, 2 * count).Select(Address)];
        string[] agents = [.. Enumerable.Range(0, 2 * count).Select(i => $"bot {i}")];
        float[] features = new float[HttpFeatureSchema.Count];
        Flood(0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Flood(count);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        extractor.Extract(new(Noon.AddHours(1), clients[^1], "GET", "/", []), features);
        Assert.True(features[17] > 3_000, "the client that came last is known");

        void Flood(int first)
        {
            for (int i = first; i < first + count; i++)
            {
                HeaderFeatures headers = new();
                headers.Add("User-Agent", agents[i]);
                extractor.Extract(Noon.AddMilliseconds(i), clients[i], "GET", "/", headers, features);
                extractor.RecordFailedLogin(clients[i], Noon.AddMilliseconds(i));
            }
        }
    }

    [Fact]
    public void Extract_RequestsOfKnownClients_AllocatesNothing()
    {
        HttpFeatureExtractor extractor = new();
        IPAddress[] clients = [.. Enumerable.Range(0, 100).Select(Address)];
        float[] features = new float[HttpFeatureSchema.Count];
        Send(10_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Send(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Send(int count)
        {
            for (int i = 0; i < count; i++)
            {
                HeaderFeatures headers = new();
                headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)");
                headers.Add("X-Forwarded-For", "203.0.113.9");
                headers.Add("Cookie", "eval=1");
                extractor.Extract(Noon.AddSeconds(i % 250), clients[i % 100], "get", "/shop/item%2042?q=a+b&x=%C3%A9", headers, features);
            }
        }
    }

    [Fact]
    public void Extract_MoreSecondsThanThereIsRoomFor_ForgetsTheClientsThatWereNotSeenForLongest()
    {
        // Each of the others could keep 2,100 seconds, of 16,800 that there are.
        const int others = 12;
        HttpFeatureExtractor extractor = new(clientCapacity: 20);
        float[] features = new float[HttpFeatureSchema.Count];
        for (int second = 0; second < 2_000; second++)
        {
            for (int other = 1; other <= others; other++)
            {
                Send(Address(other), second);
                Send(Address(0), second);
            }
        }

        Assert.Equal((300f * others, (1_800f * others) - 1), (features[4], features[5]));
        Send(Address(1), 2_000);
        Assert.InRange(features[4], 1, 300);

        void Send(IPAddress client, int second)
        {
            extractor.Extract(new(Noon.AddSeconds(second), client, "GET", "/", []), features);
            extractor.RecordFailedLogin(client, Noon.AddSeconds(second));
        }
    }

    private static IPAddress Address(int number) => new([198, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
