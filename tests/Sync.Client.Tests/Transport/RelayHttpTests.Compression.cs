using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Relay.TestKit;
using Shared.Contracts;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

// Compressed bodies.
public sealed partial class RelayHttpTests
{
    private readonly ConcurrentQueue<string> _asked = [];

    [Fact]
    public async Task DownloadAsync_CompressedBody_IsUnpacked()
    {
        byte[] whole = [.. RandomNumberGenerator.GetBytes(100_000), .. new byte[200_000]];
        SendPacked(GZip.Pack(whole));
        using RelayHttp http = Open();

        Fetched done = await DownloadAsync(http, Part, whole.Length);

        Assert.Equal(FetchStatus.Ok, done.Status);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Part));
        Assert.Equal(["gzip"], _asked);
    }

    [Fact]
    public async Task DownloadAsync_CompressedBodyBreaksHalfWay_GoesOnWithTheFileItself()
    {
        byte[] whole = RandomNumberGenerator.GetBytes(300_000);
        byte[] packed = GZip.Pack(whole);
        _fixture.Repository.Replace("targets/big", whole);
        _fixture.Server.Instead = async (http, _) =>
        {
            _asked.Enqueue(http.Request.Headers.AcceptEncoding.ToString());
            if (http.Request.Headers.Range.Count > 0)
            {
                return false;
            }

            (http.Response.Headers.ContentEncoding, http.Response.ContentLength) = ("gzip", packed.Length);
            await http.Response.Body.WriteAsync(packed.AsMemory(0, 200_000));
            await http.Response.Body.FlushAsync();
            await Task.Delay(200);
            http.Abort();
            return true;
        };
        using RelayHttp http = Open();

        Fetched broken = await DownloadAsync(http, Part, whole.Length);
        long kept = new FileInfo(Part).Length;
        Fetched done = await DownloadAsync(http, Part, whole.Length);

        Assert.Equal(RefusalReason.TransportUnavailable, broken.Refusal?.Reason);
        Assert.InRange(kept, 1, whole.Length - 1);
        Assert.Equal(FetchStatus.Ok, done.Status);
        Assert.Equal($"bytes={kept}-", _fixture.Server.Requests.Last().Range);
        Assert.Equal(["gzip", ""], _asked);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Part));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(60_000)]
    [InlineData(-5)]
    public async Task DownloadAsync_DamagedCompressedBody_IsAskedForAsItIs(int damaged)
    {
        byte[] whole = RandomNumberGenerator.GetBytes(100_000);
        byte[] packed = GZip.Pack(whole);
        Assert.True(packed.Length > whole.Length, "a compressed body may be the longer one");
        packed[damaged < 0 ? packed.Length + damaged : damaged] ^= 0xFF;
        _fixture.Repository.Replace("targets/big", whole);
        SendPacked(packed);
        (_fixture.Options.Budgets.Retries, _fixture.Options.Budgets.RetryDelay) = (1, TimeSpan.FromMilliseconds(1));
        using RelayHttp http = Open();

        Fetched done = await DownloadAsync(http, Part, whole.Length);

        Assert.Equal(FetchStatus.Ok, done.Status);
        Assert.Equal(["gzip", ""], _asked);
        Assert.Equal("", _fixture.Server.Requests.Last().Range);
        Assert.Equal(whole, await File.ReadAllBytesAsync(Part));
    }

    [Fact]
    [Trait("Attack", "gzip-bomb")]
    public async Task DownloadAsync_BodyThatUnpacksToMoreThanSigned_IsRefusedAtTheBound()
    {
        SendPacked(GZip.Pack(new byte[50_000_000]));
        using RelayHttp http = Open();

        Fetched fetched = await DownloadAsync(http, Part, 100_000);

        Assert.Equal(RefusalReason.ArtifactTooLarge, fetched.Refusal?.Reason);
        Assert.InRange(new FileInfo(Part).Length, 0, 100_000);
    }

    [Fact]
    [Trait("Attack", "gzip-bomb")]
    public async Task DownloadAsync_PackingWithoutContentAndWithoutEnd_IsTooSlow()
    {
        byte[] empty = GZip.Pack([]);
        _fixture.Options.Budgets.SlowBodyGrace = TimeSpan.FromMilliseconds(200);
        _fixture.Server.Instead = async (http, _) =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(empty);
                await http.Response.Body.FlushAsync();
            }

            return true;
        };
        using RelayHttp http = Open();

        Assert.Equal(RefusalReason.TransportTooSlow, (await DownloadAsync(http, Part, 100_000)).Refusal?.Reason);
    }

    private string Part => Path.Combine(Path.GetDirectoryName(_fixture.Options.TrustedRoot)!, "big.part");

    private void SendPacked(byte[] packed) => _fixture.Server.Instead = async (http, _) =>
    {
        _asked.Enqueue(http.Request.Headers.AcceptEncoding.ToString());
        if (http.Request.Headers.AcceptEncoding != "gzip")
        {
            return false;
        }

        (http.Response.Headers.ContentEncoding, http.Response.ContentLength) = ("gzip", packed.Length);
        await http.Response.Body.WriteAsync(packed);
        return true;
    };
}
