using System.Net;
using Microsoft.AspNetCore.Http;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.ObjectStore;

/// <summary>A relay sends a node to the bucket for large targets that are there, if the node may read them and says that it follows.</summary>
public sealed class BucketLocationsTests : IAsyncLifetime
{
    private FakeObjectStore _store = null!;
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await FakeObjectStore.StartAsync();
        _relay = await TestRelay.StartAsync(options => options with
        {
            OpenArtifacts = false,
            ObjectStore = BucketScene.SettingsOf(_store) with { RedirectTargets = true, RedirectBytes = 1000 },
        });
        await Eventually.TrueAsync(
            () => _store.Objects.ContainsKey(BucketScene.Prefix + "metadata/timestamp.json"), "the bucket is written", cancellationToken: Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Target_InTheBucket_IsRedirectedWithAnAddressOfItsOwn()
    {
        string target = await LargeTargetAsync();
        using HttpResponseMessage answer = await RedirectAsync(target);
        using HttpClient stranger = new();
        byte[] content = await stranger.GetByteArrayAsync(answer.Headers.Location, Cancel);

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.StartsWith($"{_store.Address}{FakeObjectStore.Bucket}/{BucketScene.Prefix}{target}?", answer.Headers.Location!.AbsoluteUri);
        Assert.Contains("X-Amz-Expires=", answer.Headers.Location.Query, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_relay.DataFolder, "repository", target)), content);
    }

    [Fact]
    public async Task Request_OfAnotherKind_IsAnsweredByTheRelay()
    {
        string target = await LargeTargetAsync();
        using HttpResponseMessage redirected = await RedirectAsync(target);
        string small = FindTarget(file => file.Length < 1000);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Get, target, accepts: null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Get, target, accepts: "anything"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Head, target, ArtifactRedirects.Accepted));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Get, small, ArtifactRedirects.Accepted));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Get, "metadata/timestamp.json", ArtifactRedirects.Accepted));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_relay.Admin, HttpMethod.Get, "metadata/1.root.json", ArtifactRedirects.Accepted));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_relay.Admin, HttpMethod.Get, target + "x", ArtifactRedirects.Accepted));
    }

    [Fact]
    public async Task Request_WithoutACredential_GetsNoAddress() => Assert.Equal(
        HttpStatusCode.Unauthorized,
        await StatusAsync(_relay.Anonymous, HttpMethod.Get, await LargeTargetAsync(), ArtifactRedirects.Accepted));

    [Fact]
    public async Task Target_StoreIsDown_IsSentByTheRelay()
    {
        string target = await LargeTargetAsync();
        using HttpResponseMessage redirected = await RedirectAsync(target);
        _store.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.FromResult(true);
        };
        await _relay.PublishAsync("canary", await _relay.TrainSmallAsync(trees: 2, Cancel));

        await Eventually.GetAsync(
            () => StatusAsync(_relay.Admin, HttpMethod.Get, target, ArtifactRedirects.Accepted), status => status is HttpStatusCode.OK,
            "the relay serves it", cancellationToken: Cancel);
    }

    private async Task<string> LargeTargetAsync()
    {
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        return FindTarget(file => file.Extension == ".onnx");
    }

    private string FindTarget(Predicate<FileInfo> isWanted)
    {
        string repository = Path.Combine(_relay.DataFolder, "repository");
        FileInfo found = new DirectoryInfo(Path.Combine(repository, "targets")).EnumerateFiles("*", SearchOption.AllDirectories)
            .First(file => isWanted(file));
        return Path.GetRelativePath(repository, found.FullName);
    }

    /// <summary>The redirect to a target, as soon as the bucket has it.</summary>
    private Task<HttpResponseMessage> RedirectAsync(string target) => Eventually.GetAsync(
        () => SendAsync(_relay.Admin, HttpMethod.Get, target, ArtifactRedirects.Accepted),
        answer => answer.StatusCode is HttpStatusCode.TemporaryRedirect, "the relay redirects", cancellationToken: Cancel);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path, string? accepts)
    {
        using HttpResponseMessage answer = await SendAsync(client, method, path, accepts);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? accepts)
    {
        using HttpRequestMessage request = new(method, $"/v1/repository/{path}");
        if (accepts is not null)
        {
            request.Headers.Add(ArtifactRedirects.AcceptHeader, accepts);
        }

        return await client.SendAsync(request, Cancel);
    }
}
