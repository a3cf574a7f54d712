using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Relay.Server.Repository.Compression;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Repository.Compression;

public sealed class CompressedFilesTests(PublishedRelay fixture)
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("br;q=1, gzip;q=0.5")]
    public async Task Get_ClientThatTakesIt_GetsTheCompressedFile(string accepted)
    {
        string file = ModelFile();
        using HttpResponseMessage response = await GetAsync(file, accepted, isCompressed: true);
        byte[] body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(await File.ReadAllBytesAsync(file), GZip.Unpack(body));
        Assert.True(body.Length < new FileInfo(file).Length * 0.8);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(body))}\"", response.Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("br")]
    [InlineData("gzip;q=0")]
    [InlineData("identity")]
    [InlineData("\"")]
    public async Task Get_ClientThatDoesNotTakeIt_GetsTheFile(string? accepted)
    {
        string file = ModelFile();
        using HttpResponseMessage compressed = await GetAsync(file, "gzip", isCompressed: true);

        using HttpResponseMessage response = await GetAsync(file, accepted, isCompressed: false);

        Assert.Equal(await File.ReadAllBytesAsync(file), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        Assert.NotEqual(compressed.Headers.ETag, response.Headers.ETag);
    }

    [Fact]
    public async Task Get_PartOfAFile_IsAPartOfTheFileItself()
    {
        string file = ModelFile();
        using HttpResponseMessage compressed = await GetAsync(file, "gzip", isCompressed: true);
        byte[] whole = await File.ReadAllBytesAsync(file);

        using HttpResponseMessage part = await GetAsync(file, "gzip", isCompressed: false, from: whole.Length / 2);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[(whole.Length / 2)..], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_NextRelease_HasItsOwnCopyAndTheOldOneNone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 20));
        string first = ModelFile(relay);
        string[] known = ModelFiles(relay);
        using (await GetAsync(relay, first, "gzip", isCompressed: true))
        {
        }

        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 21));
        string second = ModelFiles(relay).First(file => !known.Contains(file));
        using HttpResponseMessage compressed = await GetAsync(relay, second, "gzip", isCompressed: true);
        using HttpResponseMessage old = await GetAsync(relay, first, "gzip", isCompressed: false);

        Assert.Equal(await File.ReadAllBytesAsync(second), GZip.Unpack(await compressed.Content.ReadAsByteArrayAsync()));
        Assert.Equal(await File.ReadAllBytesAsync(first), await old.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_ChangeByAnotherProcess_IsCompressedToo()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        string[] known = MetadataOf(relay);

        RelayCommandRun rotated = await RelayCommandRun.RunAsync("keys", "rotate", "targets", "--data", relay.DataFolder);

        Assert.True(rotated.Code == 0, rotated.Error);
        string changed = Assert.Single(MetadataOf(relay).Except(known));
        using HttpResponseMessage compressed = await GetAsync(relay, changed, "gzip", isCompressed: true);
        Assert.Equal(await File.ReadAllBytesAsync(changed), GZip.Unpack(await compressed.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public void Compress_FileThatGainsLittleOrIsTooLarge_HasNoCopy()
    {
        using TemporaryFolder folder = new();
        string random = folder.Combine("random");
        string zeros = folder.Combine("zeros");
        File.WriteAllBytes(random, RandomNumberGenerator.GetBytes(200_000));
        File.WriteAllBytes(zeros, new byte[20_000_000]);
        IntactFiles intact = new(TimeProvider.System);

        Assert.Null(FileCompressor.Compress(random, intact.Find(random)!, long.MaxValue, default));
        Assert.Null(FileCompressor.Compress(zeros, intact.Find(zeros)!, 10_000, default));
        Assert.InRange(FileCompressor.Compress(zeros, intact.Find(zeros)!, 100_000, default)!.Length, 1, 100_000);
    }

    [Fact]
    public void Compress_FileThatChangedSinceItWasChecked_IsRefused()
    {
        using TemporaryFolder folder = new();
        string path = folder.Combine("file");
        File.WriteAllBytes(path, new byte[10_000]);
        IntactFile file = new IntactFiles(TimeProvider.System).Find(path)!;
        File.WriteAllBytes(path, [.. new byte[9_999], 1]);

        Assert.Throws<InvalidDataException>(() => FileCompressor.Compress(path, file, long.MaxValue, default));
    }

    private static string[] MetadataOf(TestRelay relay) =>
        Directory.GetFiles(Path.Combine(relay.DataFolder, "repository", "metadata"), "*.targets.json");

    private string ModelFile() => ModelFile(fixture.Relay);

    private static string ModelFile(TestRelay relay) => ModelFiles(relay)[0];

    /// <summary>Two names for each file.</summary>
    private static string[] ModelFiles(TestRelay relay) =>
        Directory.GetFiles(Path.Combine(relay.DataFolder, "repository", "targets"), "*model.onnx", SearchOption.AllDirectories);

    private Task<HttpResponseMessage> GetAsync(string file, string? accepted, bool isCompressed, long? from = null) =>
        GetAsync(fixture.Relay, file, accepted, isCompressed, from);

    /// <summary>Asks until the relay has made its copies, or dropped them.</summary>
    private static async Task<HttpResponseMessage> GetAsync(
        TestRelay relay, string file, string? accepted, bool isCompressed, long? from = null)
    {
        string path = $"/v1/repository/{Path.GetRelativePath(Path.Combine(relay.DataFolder, "repository"), file)}";
        return await Eventually.GetAsync(SendAsync, HasTheEncoding, $"the relay sends {Path.GetFileName(file)} compressed: {isCompressed}");

        async Task<HttpResponseMessage> SendAsync()
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            if (accepted is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            }

            request.Headers.Range = from is null ? null : new RangeHeaderValue(from, null);
            return await relay.Anonymous.SendAsync(request);
        }

        bool HasTheEncoding(HttpResponseMessage response) => response.Content.Headers.ContentEncoding.SequenceEqual(isCompressed ? ["gzip"] : []);
    }
}
