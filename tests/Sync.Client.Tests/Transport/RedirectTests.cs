using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Relay.TestKit.Models;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Sync.Client.Tests.Transport;

/// <summary>A relay sends a node to an object store for an artifact: only where the node was told of the host, without the node's signature, and
/// what does not verify there comes from the relay.</summary>
public sealed class RedirectTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, bool Accepts)> _asked = [];
    private NodeFixture _fixture = null!;
    private FakeObjectStore _store = null!;
    private Func<string, string> _location = _ => "";

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create());
        _store = await FakeObjectStore.StartAsync(https: true);
        _location = path => $"{_store.Address}{FakeObjectStore.Bucket}/{path}?X-Amz-Signature=secret";
        _fixture.Options.RedirectHosts.Add(_store.Address.Authority);
        _fixture.Options.MirrorTlsRoot = _store.TlsRoot;
        _fixture.Server.Instead = (http, path) =>
        {
            bool accepts = http.Request.Headers[ArtifactRedirects.AcceptHeader] == ArtifactRedirects.Accepted;
            _asked.Enqueue((path, accepts));
            if (accepts)
            {
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = _location(path);
            }

            return Task.FromResult(accepts);
        };
        foreach (string file in Artifacts())
        {
            _store.Put(file, _fixture.Honest.Serve(file)!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    [Trait("Attack", "signature-to-another")]
    public async Task Refresh_RelaySendsTheNodeToAListedHost_ArtifactsComeFromThereAndNothingElse()
    {
        await RefreshAsync();

        Assert.NotEmpty(_store.Requests);
        Assert.All(_store.Requests, request => Assert.EndsWith(".onnx", request.Key, StringComparison.Ordinal));
        Assert.All(_asked.Where(asked => asked.Accepts), asked => Assert.EndsWith(".onnx", asked.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(_asked, asked => !asked.Accepts && asked.Path.EndsWith(".onnx", StringComparison.Ordinal));
        Assert.All(_store.Headers, headers => Assert.Equal(["Host", "Accept-Encoding"], headers.Split('\n').Select(header => header.Split(':')[0])));
    }

    [Fact]
    public async Task Refresh_NoHostIsListed_NodeDoesNotAcceptARedirect()
    {
        _fixture.Options.RedirectHosts.Clear();

        await RefreshAsync();

        Assert.Empty(_store.Requests);
        Assert.DoesNotContain(_asked, asked => asked.Accepts);
    }

    [Theory]
    [Trait("Attack", "redirect-host")]
    [Trait("Attack", "redirect-http")]
    [InlineData("https://127.0.0.1:1/models/{0}")]
    [InlineData("https://other.example/models/{0}")]
    [InlineData("http://{1}/models/{0}")]
    [InlineData("https://user@{1}/models/{0}")]
    [InlineData("/models/{0}")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public async Task Refresh_RelaySendsTheNodeElsewhere_ItDoesNotGoAndTheRelayServes(string location)
    {
        _location = path => string.Format(null, location, path, _store.Address.Authority);

        await RefreshAsync(RefusalReason.TransportForbiddenRedirect);

        Assert.Empty(_store.Requests);
    }

    [Fact]
    [Trait("Attack", "redirect-loop")]
    public async Task Refresh_StoreSendsTheNodeOn_ItDoesNotGoAndTheRelayServes()
    {
        _store.Instead = (http, _) =>
        {
            http.Response.Redirect(http.Request.Path.Value!, permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };

        await RefreshAsync(RefusalReason.TransportForbiddenRedirect);

        Assert.Equal(Artifacts().Length, _store.Requests.Count);
    }

    [Theory]
    [Trait("Attack", "redirected-bytes")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Refresh_StoreHasOtherBytes_TheRelaysAreTaken(int more)
    {
        foreach (string file in Artifacts())
        {
            byte[] changed = [.. _fixture.Honest.Serve(file)!, 0];
            changed[^2] ^= 1;
            _store.Put(file, changed[..(changed.Length - 1 + more)]);
        }

        await RefreshAsync(more switch
        {
            0 => RefusalReason.ArtifactHashMismatch,
            -1 => RefusalReason.ArtifactLengthMismatch,
            _ => RefusalReason.ArtifactTooLarge,
        });

        Assert.NotEmpty(_store.Requests);
        Assert.Contains(_asked, asked => !asked.Accepts && asked.Path.EndsWith(".onnx", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StatusCodes.Status403Forbidden)]
    [InlineData(StatusCodes.Status404NotFound)]
    [InlineData(StatusCodes.Status503ServiceUnavailable)]
    public async Task Refresh_StoreRefuses_TheRelayServesAndTheAddressStandsInNoRefusal(int status)
    {
        _store.Instead = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };

        await RefreshAsync(RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task Refresh_StoreIsDown_TheRelayServes()
    {
        await _store.StopAsync();

        await RefreshAsync(RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task Refresh_CertificateOfTheStoreIsNotTrusted_TheRelayServes()
    {
        _fixture.Options.MirrorTlsRoot = _fixture.Options.TlsRoot;

        await RefreshAsync(RefusalReason.TransportUnavailable);

        Assert.Empty(_store.Requests);
    }

    private async Task RefreshAsync(RefusalReason? reported = null)
    {
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Null(result.Refusal);
        Assert.True(result.Activated);
        string[] reasons = [.. node.Status.RecentRefusals.Select(refusal => refusal.Reason).Distinct()];
        Assert.Equal(reported is { } reason ? [reason.ToString()] : [], reasons);
        Assert.All(node.Status.RecentRefusals, refusal => Assert.DoesNotContain("secret", refusal.Detail, StringComparison.Ordinal));
    }

    private string[] Artifacts() =>
    [
        .. Directory.EnumerateFiles(_fixture.Honest.RepositoryPath, "*.onnx", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_fixture.Honest.RepositoryPath, file)).Where(file => file.Split('/')[^1].Split('.')[0].Length == 64),
    ];
}
