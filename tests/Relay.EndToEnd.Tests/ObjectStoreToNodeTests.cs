using System.Net;
using Amazon.S3;
using Relay.Server.ObjectStore;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A relay copies into a bucket of a real store, Ceph's gateway, and a real node reads there.</summary>
public sealed class ObjectStoreToNodeTests : IAsyncLifetime
{
    private const string Prefix = "relay/";

    private readonly List<NginxProcess> _proxies = [];
    private string _bucket = "";
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(CephServer.IsThere, CephServer.NotInstalled);
        Assert.SkipUnless(NginxProcess.IsInstalled, "nginx is not installed: apt-get install nginx-light");
        _bucket = await CephServer.Shared.CreateBucketAsync();
        _relay = await TestRelay.StartAsync(options => options with { ObjectStore = Settings() });
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (NginxProcess proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Node_WithTheBucketAsItsMirror_RunsTheReleaseWhenTheRelayIsGone(bool isCached)
    {
        await OpenBucketAsync(mayList: !isCached);
        await CopiedAsync();
        NginxProcess proxy = await StartProxyAsync(isCached ? Delivered : Plain);
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open(options =>
        {
            options.Mirrors.Add(isCached ? proxy.Address : new Uri(proxy.Address, $"{_bucket}/{Prefix}"));
            options.MirrorTlsRoot = _relay.CertificateAuthority;
        });
        await _relay.AbortAsync();

        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Equal(1, client.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version);
    }

    [Fact]
    public async Task Node_OfARelayThatRedirects_GetsTheArtifactFromThePrivateBucket()
    {
        NginxProcess proxy = await StartProxyAsync(Plain);
        await _relay.RestartAsync(options => options with
        {
            ObjectStore = Settings() with { RedirectTargets = true, RedirectBytes = 0, RedirectEndpoint = proxy.Address },
        });
        await CopiedAsync();
        await RedirectedAsync();
        using NodeOfARelay node = new(_relay, SmallModel.Name);
        using SyncClient client = node.Open(options =>
        {
            options.RedirectHosts.Add(proxy.Address.Authority);
            options.MirrorTlsRoot = _relay.CertificateAuthority;
        });

        Assert.True((await client.RefreshAsync(Cancel)).Activated);
        Assert.Empty(client.Status.RecentRefusals);
    }

    private ObjectStoreSettings Settings() => new()
    {
        Endpoint = CephServer.Shared.Address,
        Bucket = _bucket,
        Prefix = Prefix,
        PathStyle = true,
        Key = new(CephServer.AccessKey, CephServer.SecretKey),
    };

    private async Task OpenBucketAsync(bool mayList)
    {
        using AmazonS3Client client = CephServer.Shared.CreateClient();
        string list = mayList
            ? $$""", { "Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{{_bucket}}" }"""
            : "";
        await client.PutBucketPolicyAsync(
            _bucket,
            $$"""
            { "Version": "2012-10-17", "Statement": [
              { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{{_bucket}}/{{Prefix}}*" }{{list}} ] }
            """,
            Cancel);
    }

    private Task CopiedAsync() => Eventually.TrueAsync(
        async () => await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync(
            _relay.Admin, Routes.LegacyStats, RelayApiJson.Default.RelayStats, Cancel) is
        { ObjectStore: { BehindSince: null, ComparedAt: not null } store } && store.Copied == store.Current,
        "the bucket has all", cancellationToken: Cancel);

    private async Task RedirectedAsync()
    {
        string repository = Path.Combine(_relay.DataFolder, "repository");
        string model = Directory.EnumerateFiles(Path.Combine(repository, "targets"), "*.onnx", SearchOption.AllDirectories).First();
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, "/v1/repository/" + Path.GetRelativePath(repository, model));
                request.Headers.Add(ArtifactRedirects.AcceptHeader, ArtifactRedirects.Accepted);
                using HttpResponseMessage answer = await _relay.Anonymous.SendAsync(request, Cancel);
                return answer.StatusCode is HttpStatusCode.TemporaryRedirect;
            },
            "the relay redirects", cancellationToken: Cancel);
    }

    private async Task<NginxProcess> StartProxyAsync(Func<int, string> servers)
    {
        NginxProcess proxy = await NginxProcess.StartAsync(servers);
        _proxies.Add(proxy);
        return proxy;
    }

    // TLS alone: nodes ask for https.
    private string Plain(int port) =>
        $$"""
        server {
            listen 127.0.0.1:{{port}} ssl;
            ssl_certificate {{Path.Combine(_relay.DataFolder, "tls", "server.key")}};
            ssl_certificate_key {{Path.Combine(_relay.DataFolder, "tls", "server.key")}};
            location / {
                proxy_pass {{CephServer.Shared.Address.GetLeftPart(UriPartial.Authority)}};
                proxy_set_header Host $http_host;
            }
        }
        """;

    private string Delivered(int port)
    {
        string presented = Path.Combine(_relay.DataFolder, "tls", "server.key");
        return NginxProxy.Replace(File.ReadAllText(RepositoryRoot.Combine("deploy", "nginx-object-store.conf")), new()
        {
            ["127.0.0.1:7480"] = CephServer.Shared.Address.Authority,
            ["listen 443"] = $"listen 127.0.0.1:{port}",
            ["relay-files.example"] = "localhost",
            ["/models/relay/"] = $"/{_bucket}/{Prefix}",
            ["/etc/nginx/relay/tls.pem"] = presented,
            ["/etc/nginx/relay/tls.key"] = presented,
            ["/var/cache/nginx/relay"] = Path.Combine(_relay.DatasetsFolder, "cache"),
        });
    }
}
