using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A relay that no one reads without a credential, behind nginx with the configuration that is delivered, buffering on.</summary>
public sealed class BehindNginxTests : IAsyncLifetime
{
    private const int RequestsPerSecond = 10;
    private TestRelay _relay = null!;
    private NginxProcess? _proxy;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Proxy => _proxy!.Address;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync(options => options with
        {
            OpenArtifacts = false,
            OpenCheckIns = false,
            RequestsPerSecondAndAddress = RequestsPerSecond,
            TrustedProxies = [new IPNetwork(IPAddress.Loopback, 32)],
        });
        _proxy = NginxProcess.IsInstalled ? await NginxProxy.StartAsync(_relay) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Node_BehindAProxy_EnrollsUpdatesAndReportsWithValidSignatures()
    {
        RequireNginx();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        using NodeOfARelay folder = new(_relay, SmallModel.Name);
        string token = await _relay.CreateEnrollmentTokenAsync();
        using SyncClient node = folder.Open(options => (options.Relay, options.EnrollmentToken) = (Proxy, token));

        RefreshResult first = await node.RefreshAsync(Cancel);
        RefreshResult again = await node.RefreshAsync(Cancel);

        Assert.Equal((new RefreshResult(true, null), new RefreshResult(false, null)), (first, again));
        Assert.Empty(node.Status.RecentRefusals);
        NodeView seen = Assert.Single((await _relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!.Items);
        Assert.Equal((1, true), (seen.CheckIn.Release, seen.Signed));
    }

    [Theory]
    [InlineData(Routes.LegacyList + "?a=%20b&c=%2F%41")]
    [InlineData(Routes.LegacyList + "?")]
    [InlineData("/models/%6Cist")]
    public async Task SignedRequest_PathAndQueryOfAnyForm_ArriveAsTheyWereSigned(string target)
    {
        RequireNginx();
        (SigningNode node, HttpClient direct) = await SigningNode.EnrollAsync(_relay, "signer");
        using HttpClient client = Through(new RequestSigner(node.Id, node.Key, TimeProvider.System, Handler()));
        Uri address =
            new(Proxy.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        using HttpResponseMessage response = await client.GetAsync(address, Cancel);

        // Whatever the path leads to: the relay does not say that the signature is of another request.
        Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        direct.Dispose();
        node.Dispose();
    }

    [Fact]
    public async Task EventStream_BufferingIsOn_BringsAChangeAtOnce()
    {
        RequireNginx();
        using HttpClient client = Through(Handler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _relay.AdminKey);
        using HttpResponseMessage response = await client.GetAsync(Routes.Events, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using StreamReader events = new(await response.Content.ReadAsStreamAsync(Cancel));
        await ReadUntilAsync(events, "event: pace");

        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        Stopwatch watch = Stopwatch.StartNew();
        await ReadUntilAsync(events, "event: metadata");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));     // a buffer of nginx is full after hundreds of heartbeats
    }

    [Fact]
    public async Task LargeFile_WholeAndInParts_ArrivesByteForByte()
    {
        RequireNginx();
        byte[] content = RandomNumberGenerator.GetBytes(8 << 20);
        string digest = Convert.ToHexStringLower(SHA256.HashData(content));
        string folder = Path.Combine(_relay.DataFolder, "repository", "targets", "large");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{digest}.model.onnx"), content, Cancel);
        using HttpClient client = Through(Handler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _relay.AdminKey);
        string path = $"{Routes.Targets}/large/{digest}.model.onnx";

        byte[] whole = await client.GetByteArrayAsync(path, Cancel);
        using HttpRequestMessage rest = new(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(5_000_001, null) } };
        using HttpResponseMessage part = await client.SendAsync(rest, Cancel);

        Assert.True(whole.AsSpan().SequenceEqual(content));
        Assert.Equal((HttpStatusCode.PartialContent, 5_000_001L), (part.StatusCode, part.Content.Headers.ContentRange?.From));
        Assert.True((await part.Content.ReadAsByteArrayAsync(Cancel)).AsSpan().SequenceEqual(content.AsSpan(5_000_001)));
        Assert.True(part.Headers.CacheControl is { Private: true, Public: false });
    }

    [Fact]
    public async Task ModelFileOrRows_LargerThanOtherBodiesAndWithALongHeader_ReachTheRelay()
    {
        RequireNginx();
        using HttpClient client = Through(Handler());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _relay.AdminKey);
        client.DefaultRequestHeaders.Add(Routes.ModelSignatureHeader, new string('A', 20_000));
        using ByteArrayContent body = new(new byte[3 << 20]);

        using HttpResponseMessage model = await client.PostAsync(Routes.ImportOf("unknown"), body, Cancel);
        using ByteArrayContent rows = new(new byte[3 << 20]) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using HttpResponseMessage samples = await client.PostAsync(Routes.SamplesOf("unknown"), rows, Cancel);
        using HttpResponseMessage other = await client.PostAsync(Routes.TrainingRuns, body, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, model.StatusCode);
        Assert.Contains("unknown-model", await model.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("unknown-dataset", await samples.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, other.StatusCode);
    }

    [Fact]
    [Trait("Attack", "forged-address")]
    public async Task RateLimit_BehindAProxy_IsThatOfTheClientAndNoHeaderOfItChangesThat()
    {
        RequireNginx();
        using HttpClient loud = Through(Handler(IPAddress.Parse("127.0.0.2")));
        using HttpClient calm = Through(Handler(IPAddress.Parse("127.0.0.3")));
        List<HttpStatusCode> statuses = [];
        for (int i = 0; i < RequestsPerSecond * 10; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, Routes.LegacyList);
            request.Headers.Add("X-Forwarded-For", $"127.0.0.{i + 10}");
            using HttpResponseMessage response = await loud.SendAsync(request, Cancel);
            statuses.Add(response.StatusCode);
        }

        using HttpResponseMessage other = await calm.GetAsync(Routes.LegacyList, Cancel);

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    private static void RequireNginx() => Assert.SkipUnless(NginxProcess.IsInstalled, "nginx is missing");

    private static async Task ReadUntilAsync(StreamReader events, string line)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (await events.ReadLineAsync(late.Token) is { } read && read != line)
        {
            // The next one.
        }
    }

    private HttpClient Through(HttpMessageHandler handler) => new(handler) { BaseAddress = Proxy };

    private SocketsHttpHandler Handler(IPAddress? from = null)
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = RelayApi.Pin(_relay.CertificateAuthority);
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return handler;
    }
}
