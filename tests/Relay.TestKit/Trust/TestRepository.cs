using Relay.Server.Trust;
using Relay.Server.Trust.Copies;
using Shared.Contracts.Trust;

namespace Relay.TestKit.Trust;

/// <summary>A real repository in a temporary folder: real keys, real signatures, the relay's own publisher.</summary>
public sealed class TestRepository : IDisposable
{
    private readonly TemporaryFolder _folder;

    private TestRepository(TemporaryFolder folder, SigningKeys keys, TestClock clock)
    {
        (_folder, Keys, Clock) = (folder, keys, clock);
        Publisher = new(RepositoryPath, keys, clock);
        Signer = new(keys, clock);
    }

    public SigningKeys Keys { get; }

    public TestClock Clock { get; }

    public RepositoryPublisher Publisher { get; }

    public ArtifactSigner Signer { get; }

    /// <summary>The folder with <c>metadata/</c> and <c>targets/</c>.</summary>
    public string RepositoryPath => _folder.Combine("repository");

    /// <summary>The root that a node ships with.</summary>
    public byte[] FirstRoot => Publisher.FirstRoot();

    /// <summary>A repository after its first publication, with nothing released.</summary>
    public static async Task<TestRepository> CreateAsync(TestClock? clock = null)
    {
        clock ??= new();
        TemporaryFolder folder = new();
        OpenedKeys opened = await KeyStore.OpenAsync(folder.Combine("keys"), clock, CancellationToken.None);
        TestRepository repository = new(folder, opened.Keys, clock);
        await repository.Publisher.InitializeAsync(CancellationToken.None);
        return repository;
    }

    /// <summary>Signs any bytes as a version of a model and releases them. OpenSSL is asked about the signature.</summary>
    public async Task<ReleaseManifest> PublishAsync(
        string model, int version, byte[] content, string channel = "stable", double? percentage = null)
    {
        byte[] signature = Signer.Sign(content);
        await SignatureAudit.RequireAsync(content, signature, Keys.CmsRoot, Clock.GetUtcNow());
        return await Publisher.PublishAsync(new([new(model, version, content, signature)], channel, percentage), CancellationToken.None);
    }

    /// <summary>What <c>relay bundle export</c> does.</summary>
    public Task ExportBundleAsync(string path, string channel = "stable") =>
        new BundleWriter(new FolderFiles(RepositoryPath), Clock, new DurableFiles()).WriteAsync(channel, path, CancellationToken.None);

    /// <summary>What <c>relay mirror</c> does.</summary>
    public Task MirrorAsync(string folder) =>
        new RepositoryMirror(folder, Clock, new DurableFiles()).UpdateAsync(new FolderFiles(RepositoryPath), prune: false, CancellationToken.None);

    /// <summary>The bytes at <c>metadata/...</c> or <c>targets/...</c>; null where a server would answer 404.</summary>
    public byte[]? Serve(string path)
    {
        string file = Path.Combine(RepositoryPath, path);
        return TargetPaths.IsSafe(path) && File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    public void Dispose()
    {
        Keys.Dispose();
        _folder.Dispose();
    }
}
