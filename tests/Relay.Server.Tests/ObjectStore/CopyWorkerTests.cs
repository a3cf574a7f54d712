using System.Net;
using Microsoft.AspNetCore.Http;
using Relay.Server.Repository;
using Relay.Server.Tests.Cli;
using Relay.Server.Tests.Monitoring;
using Relay.Server.Tests.Repository.Mirroring;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.ObjectStore;

/// <summary>A relay whose store fails publishes and serves as before, says how far the copy is, and catches up by itself.</summary>
public sealed class CopyWorkerTests : IAsyncLifetime
{
    private FakeObjectStore _store = null!;
    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await FakeObjectStore.StartAsync();
        _relay = await TestRelay.StartAsync(options => options with { ObjectStore = BucketScene.SettingsOf(_store) });
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Publish_StoreThatIsDownMeanwhile_IsDoneAndCopiedWhenItIsBack()
    {
        await WholeAsync();
        _store.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        };

        ChannelView published = await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 2, Cancel));
        ObjectStoreView behind = await ViewAsync(view => view.Problem is not null);
        string status = await StatusAsync();
        string ready = await _relay.Anonymous.GetStringAsync("/health/ready", Cancel);
        Scrape scrape = await Scrape.ReadAsync(_relay, scrape => scrape["relay_object_store_behind_seconds"] > 0);
        using HttpResponseMessage served = await _relay.Anonymous.GetAsync($"{Routes.Metadata}/timestamp.json", Cancel);
        _store.Instead = (_, _) => Task.FromResult(false);
        await WholeAsync();

        Assert.Equal(1, published.Release);
        Assert.NotNull(behind.BehindSince);
        Assert.Contains("503", behind.Problem, StringComparison.Ordinal);
        Assert.Contains("OBJECT STORE BEHIND", status, StringComparison.Ordinal);
        Assert.Contains("object store is behind", ready, StringComparison.Ordinal);
        Assert.Equal(0, scrape["relay_object_store_conflicts"]);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Status_OfAWholeCopyAndOfAChangedOne_SaysWhich()
    {
        await WholeAsync();
        string whole = await StatusAsync();
        string key = _store.Objects.Keys.First(one => one.Contains("/targets/", StringComparison.Ordinal));
        _store.Put(key, [1]);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 2, Cancel));
        ObjectStoreView changed = await ViewAsync(view => view.Conflicts.Count > 0);

        Assert.Contains($"object store {BucketScene.SettingsOf(_store).Name}: timestamp ", whole, StringComparison.Ordinal);
        Assert.StartsWith(key[BucketScene.Prefix.Length..], Assert.Single(changed.Conflicts), StringComparison.Ordinal);
        Assert.Contains("NOT THE RELAY'S FILE", await StatusAsync(), StringComparison.Ordinal);
        Assert.Contains("not those of the relay", await _relay.Anonymous.GetStringAsync("/health/ready", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAStoppedRelay_SaysWhatTheBucketLacks()
    {
        await WholeAsync();
        await _relay.StopAsync();
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.Combine("key"), "key\n", Cancel);
        await File.WriteAllTextAsync(
            folder.Combine("store.json"),
            $$"""
            { "endpoint": "{{_store.Address}}", "insecureHttp": true, "pathStyle": true, "bucket": "{{FakeObjectStore.Bucket}}",
              "prefix": "{{BucketScene.Prefix}}", "accessKeyIdFile": "{{folder.Combine("key")}}", "secretAccessKeyFile": "{{folder.Combine("key")}}" }
            """,
            Cancel);
        string[] doctor = ["doctor", "--data", _relay.DataFolder, "--object-store", folder.Combine("store.json")];

        RelayCommandRun whole = await RelayCommandRun.RunAsync(doctor);
        _store.Objects.TryRemove(_store.Objects.Keys.First(key => key.Contains("/targets/", StringComparison.Ordinal)), out _);
        RelayCommandRun lacking = await RelayCommandRun.RunAsync(doctor);
        await _store.StopAsync();
        RelayCommandRun gone = await RelayCommandRun.RunAsync(doctor);

        Assert.True(whole.Code == 0, whole.Output + whole.Error);
        Assert.Contains("it has all that nodes download", whole.Output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (lacking.Code, gone.Code));
        Assert.Contains("it lacks 1 files: start the relay", lacking.Output, StringComparison.Ordinal);
        Assert.Contains("could not be asked", gone.Output, StringComparison.Ordinal);
    }

    private async Task<string> StatusAsync() => (await RelayCommandRun.OnAsync(_relay, "status")).Output;

    private Task<ObjectStoreView> ViewAsync(Predicate<ObjectStoreView> isExpected) => Eventually.GetAsync(
        async () => (await ReadAsync()).ObjectStore!, isExpected, "the copy is in the state", cancellationToken: Cancel);

    private async Task<RelayStats> ReadAsync()
    {
        using HttpResponseMessage stats = await _relay.Admin.GetAsync(Routes.LegacyStats, Cancel);
        return (await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync(stats.Content, RelayApiJson.Default.RelayStats, Cancel))!;
    }

    private async Task WholeAsync()
    {
        string repository = Path.Combine(_relay.DataFolder, "repository");
        await Eventually.TrueAsync(
            () => _store.Objects.TryGetValue(BucketScene.Prefix + MisbehavingRepository.TimestampPath, out FakeObject? timestamp)
                && timestamp.Content.AsSpan().SequenceEqual(
                    File.ReadAllBytes(Path.Combine(repository, RepositoryFiles.MetadataFolder, "timestamp.json"))),
            "the bucket has the timestamp", cancellationToken: Cancel);
        Assert.All(
            MirrorScene.Files(repository),
            file => Assert.Equal(File.ReadAllBytes(Path.Combine(repository, file)), _store.Objects[BucketScene.Prefix + file].Content));
        await ViewAsync(view => view is { BehindSince: null, Problem: null, ComparedAt: not null });
    }
}
