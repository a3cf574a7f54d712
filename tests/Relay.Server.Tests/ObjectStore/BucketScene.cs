using Relay.Server.ObjectStore;
using Relay.Server.ObjectStore.Client;
using Relay.Server.ObjectStore.Copying;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.ObjectStores;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.ObjectStore;

/// <summary>A repository with one release, and a store in memory that receives its copy.</summary>
internal sealed class BucketScene : IAsyncDisposable
{
    public const string Prefix = "relay/";

    private readonly TemporaryFolder _folder = new();
    private readonly List<S3Bucket> _buckets = [];

    private BucketScene(TestRepository original, FakeObjectStore store) => (Original, Store) = (original, store);

    public TestRepository Original { get; }

    public FakeObjectStore Store { get; }

    public ObjectStoreSettings Settings => SettingsOf(Store);

    /// <summary>The keys in the bucket below the prefix.</summary>
    public IEnumerable<string> Keys => Store.Objects.Keys.Select(key => key[Prefix.Length..]);

    public static async Task<BucketScene> StartAsync()
    {
        BucketScene scene = new(await TestRepository.CreateAsync(), await FakeObjectStore.StartAsync());
        await scene.Original.PublishAsync("threat", 1, [1, 2, 3]);
        return scene;
    }

    public static ObjectStoreSettings SettingsOf(FakeObjectStore store) => new()
    {
        Endpoint = store.Address,
        Bucket = FakeObjectStore.Bucket,
        Prefix = Prefix,
        PathStyle = true,
        Key = new("key", "secret"),
    };

    /// <summary>A comparison as a process does it that starts now.</summary>
    /// <param name="answerTime">How long the store may take.</param>
    public Task<CopyReport> CopyAsync(TestRepository? repository = null, TimeSpan? answerTime = null, string record = "record")
    {
        TestRepository original = repository ?? Original;
        S3Bucket bucket = new(Settings, answerTime);
        _buckets.Add(bucket);
        return new BucketCopy(
            new PublishedFolder(original.RepositoryPath, new IntactFiles(TimeProvider.System)), original.Repository, bucket,
            new VerifiedObjects(_folder.Combine(record), Settings.Name, new DurableFiles()), isOpen: true)
            .RunAsync(_ => { }, TestContext.Current.CancellationToken);
    }

    public byte[] ContentOf(string path) => Store.Objects[Prefix + path].Content;

    public async ValueTask DisposeAsync()
    {
        _buckets.ForEach(bucket => bucket.Dispose());
        await Store.DisposeAsync();
        Original.Dispose();
        _folder.Dispose();
    }
}
