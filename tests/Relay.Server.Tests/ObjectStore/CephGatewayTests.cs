using Relay.Server.ObjectStore;
using Relay.Server.ObjectStore.Client;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;

namespace Relay.Server.Tests.ObjectStore;

/// <summary>What the relay expects of a store, of a real one: Ceph's gateway.</summary>
public sealed class CephGatewayTests
{
    private static readonly ObjectHeaders Headers = new("application/json", "no-cache");

    /// <summary>More than the thousand that a page has; fewer unless there is time.</summary>
    private static readonly int Many = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1" ? 1003 : 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConditionalWrites_OfARealStore_Hold()
    {
        using S3Bucket bucket = await OpenAsync();

        PutOutcome first = await bucket.CreateAsync("a.json", Content(1), Headers, Cancel);
        PutOutcome second = await bucket.CreateAsync("a.json", Content(2), Headers, Cancel);
        string tag = (await bucket.ReadAsync("a.json", 100, Cancel))!.EntityTag;
        PutOutcome third = await bucket.ReplaceAsync("a.json", [3], Headers, tag, Cancel);
        PutOutcome fourth = await bucket.ReplaceAsync("a.json", [4], Headers, tag, Cancel);

        Assert.Equal(
            [PutOutcome.Written, PutOutcome.Refused, PutOutcome.Written, PutOutcome.Refused], [first, second, third, fourth]);
        Assert.Equal([3], (await bucket.ReadAsync("a.json", 100, Cancel))!.Content);
        Assert.Null(await bucket.ReadAsync("b.json", 100, Cancel));
        Assert.Null(await bucket.DigestAsync("b.json", 100, Cancel));
    }

    [Fact]
    public async Task ListAsync_AllPages_HaveEachObjectOnce()
    {
        using S3Bucket bucket = await OpenAsync();
        await Parallel.ForAsync(0, Many, Cancel, async (i, token) =>
            await bucket.CreateAsync($"targets/{i}.json", Content(i), Headers, token));
        List<BucketObject> listed = [];
        await foreach (BucketObject one in bucket.ListAsync("targets/", Cancel))
        {
            listed.Add(one);
        }

        Assert.Equal(Many, listed.DistinctBy(one => one.Key).Count());
        Assert.Equal(Many, listed.Count);
        await bucket.DeleteAsync("targets/0.json", Cancel);
        Assert.Null(await bucket.ReadAsync("targets/0.json", 100, Cancel));
    }

    [Fact]
    public async Task SignAsync_AnyoneReadsThatObjectAndNoOther()
    {
        ObjectStoreSettings settings = await CreateAsync();
        using S3Bucket bucket = new(settings);
        using S3Presigner presigner = new(settings);
        await bucket.CreateAsync("a.json", Content(1), Headers, Cancel);
        using HttpClient http = new();

        Uri open = await presigner.SignAsync("a.json", TimeProvider.System.GetUtcNow().AddMinutes(1));
        using HttpResponseMessage found = await http.GetAsync(open, Cancel);
        using HttpResponseMessage altered = await http.GetAsync(new Uri(open.AbsoluteUri.Replace("a.json", "b.json")), Cancel);
        using HttpResponseMessage unsigned = await http.GetAsync(new Uri(open.GetLeftPart(UriPartial.Path)), Cancel);

        Assert.Equal((byte)1, Assert.Single(await found.Content.ReadAsByteArrayAsync(Cancel)));
        Assert.Equal("no-cache", found.Headers.CacheControl?.ToString());
        Assert.Equal([403, 403], [(int)altered.StatusCode, (int)unsigned.StatusCode]);
    }

    [Theory]
    [InlineData("another-secret", null)]
    [InlineData(CephServer.SecretKey, "no-such-bucket")]
    public async Task ReadAsync_WrongSecretOrBucket_SaysWhatToCorrect(string secret, string? name)
    {
        ObjectStoreSettings settings = await CreateAsync();
        using S3Bucket bucket = new(settings with { Key = new(CephServer.AccessKey, secret), Bucket = name ?? settings.Bucket });

        ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(() => bucket.ReadAsync("a.json", 100, Cancel));

        Assert.Contains("orrect ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task<S3Bucket> OpenAsync() => new(await CreateAsync());

    private static async Task<ObjectStoreSettings> CreateAsync()
    {
        Assert.SkipUnless(CephServer.IsThere, CephServer.NotInstalled);
        return new()
        {
            Endpoint = CephServer.Shared.Address,
            Bucket = await CephServer.Shared.CreateBucketAsync(),
            Prefix = "relay/",
            PathStyle = true,
            Key = new(CephServer.AccessKey, CephServer.SecretKey),
        };
    }

    private static MemoryStream Content(int value) => new([(byte)value], writable: false);
}
