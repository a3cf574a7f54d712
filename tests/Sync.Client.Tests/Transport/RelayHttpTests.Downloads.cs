using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Platform.Files;
using Sync.Client.Storage;
using Sync.Client.Transport;

namespace Sync.Client.Tests.Transport;

// Downloads that are continued.
public sealed partial class RelayHttpTests
{
    [Fact]
    public async Task DownloadAsync_ConnectionBreaksHalfWay_GoesOnWhereItStopped()
    {
        byte[] whole = RandomNumberGenerator.GetBytes(300_000);
        _fixture.Repository.Replace("targets/big", whole);
        _fixture.Server.Instead = async (http, _) =>
        {
            if (http.Request.Headers.Range.Count > 0)
            {
                return false;
            }

            http.Response.ContentLength = whole.Length;
            await http.Response.Body.WriteAsync(whole.AsMemory(0, 100_000));
            await http.Response.Body.FlushAsync();
            await Task.Delay(200);
            http.Abort();
            return true;
        };
        string part = Path.Combine(Path.GetDirectoryName(_fixture.Options.TrustedRoot)!, "big.part");
        using RelayHttp http = Open();

        Fetched broken = await DownloadAsync(http, part, whole.Length);
        long kept = new FileInfo(part).Length;
        Fetched done = await DownloadAsync(http, part, whole.Length);

        Assert.Equal(RefusalReason.TransportUnavailable, broken.Refusal?.Reason);
        Assert.Equal(100_000, kept);
        Assert.Equal(FetchStatus.Ok, done.Status);
        Assert.Equal("bytes=100000-", _fixture.Server.Requests.Last().Range);
        Assert.Equal(whole, await File.ReadAllBytesAsync(part));
    }

    [Fact]
    public async Task DownloadAsync_RelayIgnoresTheRange_StartsOver()
    {
        byte[] whole = RandomNumberGenerator.GetBytes(50_000);
        string part = Path.Combine(Path.GetDirectoryName(_fixture.Options.TrustedRoot)!, "big.part");
        await File.WriteAllBytesAsync(part, new byte[20_000]);
        _fixture.Server.Instead = async (http, _) =>
        {
            await http.Response.Body.WriteAsync(whole);
            return true;
        };
        using RelayHttp http = Open();

        Fetched done = await DownloadAsync(http, part, whole.Length);

        Assert.Equal(FetchStatus.Ok, done.Status);
        Assert.Equal(whole, await File.ReadAllBytesAsync(part));
    }

    [Theory]
    [InlineData(99, RefusalReason.ArtifactTooLarge)]
    [InlineData(101, RefusalReason.ArtifactLengthMismatch)]
    public async Task DownloadAsync_OtherLengthThanSigned_IsRefused(int signed, RefusalReason reason)
    {
        _fixture.Repository.Replace("targets/big", new byte[100]);
        string part = Path.Combine(Path.GetDirectoryName(_fixture.Options.TrustedRoot)!, "big.part");
        using RelayHttp http = Open();

        Fetched fetched = await DownloadAsync(http, part, signed);

        Assert.Equal(reason, fetched.Refusal?.Reason);
    }
}
