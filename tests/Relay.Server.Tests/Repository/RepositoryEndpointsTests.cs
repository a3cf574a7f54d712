using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Repository;

public sealed class RepositoryEndpointsTests(PublishedRelay fixture)
{
    private string RepositoryFiles => Path.Combine(fixture.Relay.DataFolder, "repository");

    [Fact]
    public async Task Get_EveryFile_IsServedAsItLiesThereWithItsDigestAsTag()
    {
        string[] files = [.. new[] { "metadata", "targets" }
            .SelectMany(part => Directory.EnumerateFiles(Path.Combine(RepositoryFiles, part), "*", SearchOption.AllDirectories))];
        Assert.Contains(files, f => f.EndsWith("model.onnx.p7s", StringComparison.Ordinal));

        foreach (string file in files)
        {
            using HttpResponseMessage response = await fixture.Relay.Anonymous.GetAsync(PathOf(file));
            byte[] served = await response.Content.ReadAsByteArrayAsync();

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(await File.ReadAllBytesAsync(file), served);
            Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(served))}\"", response.Headers.ETag!.Tag);
            Assert.Empty(response.Content.Headers.ContentEncoding);
        }
    }

    [Fact]
    public async Task Get_Timestamp_IsNeverCachedAndAllElseForGood()
    {
        using HttpResponseMessage timestamp = await fixture.Relay.Anonymous.GetAsync($"{Routes.Metadata}/timestamp.json");
        using HttpResponseMessage root = await fixture.Relay.Anonymous.GetAsync($"{Routes.Metadata}/1.root.json");
        using HttpResponseMessage model = await fixture.Relay.Anonymous.GetAsync(PathOf(ModelFile()));

        Assert.True(timestamp.Headers.CacheControl!.NoCache);
        Assert.Contains(root.Headers.CacheControl!.Extensions, e => e.Name == "immutable");
        Assert.Contains(model.Headers.CacheControl!.Extensions, e => e.Name == "immutable");
    }

    [Fact]
    public async Task Get_KnownTag_IsNotModifiedWithoutABody()
    {
        foreach (string path in new[] { $"{Routes.Metadata}/timestamp.json", $"{Routes.Metadata}/1.root.json", PathOf(ModelFile()) })
        {
            using HttpResponseMessage first = await fixture.Relay.Anonymous.GetAsync(path);
            using HttpRequestMessage request = new(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

            using HttpResponseMessage second = await fixture.Relay.Anonymous.SendAsync(request);

            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Get_TimestampAfterARelease_HasAnotherTag()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        using HttpResponseMessage before = await relay.Anonymous.GetAsync($"{Routes.Metadata}/timestamp.json");
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());

        using HttpRequestMessage request = new(HttpMethod.Get, $"{Routes.Metadata}/timestamp.json");
        request.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        using HttpResponseMessage after = await relay.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task Get_RangeOfAModel_ResumesIt()
    {
        byte[] whole = await File.ReadAllBytesAsync(ModelFile());
        using HttpRequestMessage request = new(HttpMethod.Get, PathOf(ModelFile()));
        request.Headers.Range = new RangeHeaderValue(whole.Length / 2, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(whole))}\""));

        using HttpResponseMessage part = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[(whole.Length / 2)..], await part.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_RangeBehindTheEnd_IsRefused()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, PathOf(ModelFile()));
        request.Headers.Range = new RangeHeaderValue(1_000_000_000, null);

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Fact]
    public async Task Head_AModel_SaysItsLength()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, PathOf(ModelFile()));

        using HttpResponseMessage response = await fixture.Relay.Anonymous.SendAsync(request);

        Assert.Equal(new FileInfo(ModelFile()).Length, response.Content.Headers.ContentLength);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
    }

    /// <summary>Sent as they stand: a client library would tidy such paths up first.</summary>
    [Theory]
    [InlineData("/v1/repository/metadata/")]
    [InlineData("/v1/repository/targets/")]
    [InlineData("/v1/repository/targets/models")]
    [InlineData("/v1/repository/.lock")]
    [InlineData("/v1/repository/metadata/../.lock")]
    [InlineData("/v1/repository/metadata/..%2f.lock")]
    [InlineData("/v1/repository/metadata/..%5c.lock")]
    [InlineData("/v1/repository/targets/../../relay.db")]
    [InlineData("/v1/repository/targets/..%2f..%2frelay.db")]
    [InlineData("/v1/repository/targets/%2e%2e/%2e%2e/relay.db")]
    [InlineData("/v1/repository/targets/models/../../../keys/root-1.pem")]
    [InlineData("/v1/repository/targets//etc/passwd")]
    [InlineData("/v1/repository/targets/%00")]
    [InlineData("/v1/repository/staging/0.tmp")]
    [Trait("Attack", "path-traversal")]
    public async Task Get_PathOutOfTheRepository_IsNotFound(string path)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", fixture.Relay.Address.Port);
        await using SslStream tls = new(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = RelayApi.Pin(fixture.Relay.CertificateAuthority),
        });

        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(tls);
        string status = (await reader.ReadLineAsync())!;

        Assert.Matches("^HTTP/1.1 40[04] ", status);
    }

    private string ModelFile() => Directory
        .EnumerateFiles(Path.Combine(RepositoryFiles, "targets", "models"), "*.model.onnx", SearchOption.AllDirectories).First();

    private string PathOf(string file) => "/v1/repository/" + Path.GetRelativePath(RepositoryFiles, file).Replace('\\', '/');
}
