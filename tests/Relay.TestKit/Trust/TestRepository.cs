using Relay.Server.Trust;
using Relay.Server.Trust.Copies;
using Relay.Server.Trust.Pending;
using Relay.Server.Trust.Rotation;
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

    /// <summary>What <c>relay keys rotate</c> and <c>revoke</c> do.</summary>
    internal KeyRotation Rotation => new(Publisher, Keys, new DurableFiles());

    /// <summary>What <c>relay keys rotate cms-root</c> does.</summary>
    internal CmsRotation CmsRotation => new(Publisher, KeysPath, Clock, new DurableFiles());

    /// <summary>The relay's keys.</summary>
    public string KeysPath => _folder.Combine("keys");

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

    /// <summary>A repository whose root and targets keys are offline; <see cref="PublishAsync"/> fetches as many as it needs.</summary>
    public static async Task<TestRepository> CreateOfflineAsync(int targetsKeys = 1, int targetsThreshold = 1)
    {
        TestClock clock = new();
        TemporaryFolder folder = new();
        KeyCeremony.Create(folder.Combine("ceremony"), new(3, 2, targetsKeys, targetsThreshold), clock.GetUtcNow(), new DurableFiles());
        OpenedKeys opened = await KeyStore.OpenAsync(
            folder.Combine("keys"), clock, CancellationToken.None, folder.Combine("ceremony/online"));
        TestRepository repository = new(folder, opened.Keys, clock);
        await repository.Publisher.InitializeAsync(CancellationToken.None);
        return repository;
    }

    /// <summary>The signature of an offline key, such as <c>targets-1</c>, on a pending publication.</summary>
    public MetadataSignature SignOffline(string id, string key)
    {
        using RoleSigner signer = KeyFolder.ReadFile(_folder.Combine($"ceremony/offline/{key}.pem"));
        UntrustedMetadata.TryRead(
            Publisher.Pending().Single(pending => pending.Id == id).Metadata, out UntrustedMetadata? metadata, out Refusal? _);
        return new(signer.KeyId, signer.Sign(metadata!.SignedBytes.Span));
    }

    /// <summary>A private key that people keep, such as <c>root-1</c>; a new one when there is none of the name.</summary>
    internal RoleSigner OfflineKey(string key)
    {
        string folder = _folder.Combine("ceremony/offline");
        return File.Exists(Path.Combine(folder, key + ".pem"))
            ? KeyFolder.ReadFile(Path.Combine(folder, key + ".pem"))
            : KeyFolder.Create(folder, key + ".pem", new DurableFiles());
    }

    /// <summary>What people do with a file that waits in <c>rotation/</c>: sign a copy of it, and bring that back.</summary>
    /// <param name="file"><c>root.json</c> or <c>targets.json</c>.</param>
    /// <param name="keys">Names of offline keys.</param>
    internal async Task<RotationOutcome> SignRotationAsync(string file, params string[] keys)
    {
        byte[] copy = await File.ReadAllBytesAsync(Path.Combine(RepositoryPath, "rotation", file));
        foreach (string key in keys)
        {
            using RoleSigner signer = OfflineKey(key);
            UntrustedMetadata.TryRead(copy, out UntrustedMetadata? metadata, out Refusal? _);
            copy = MetadataWriter.WithSignature(copy, signer.KeyId, signer.Sign(metadata!.SignedBytes.Span));
        }

        return await Publisher.ImportRootAsync([copy], CancellationToken.None);
    }

    /// <summary>Asks for a release, which is current only where the targets keys are here.</summary>
    public Task<Publication> ProposeAsync(string model, int version, byte[] content, string channel = "stable") =>
        Publisher.PublishAsync(new([new(model, version, content, Signer.Sign(content))], channel), CancellationToken.None);

    /// <summary>Signs any bytes as a version of a model and releases them. OpenSSL is asked about the signature.</summary>
    public async Task<ReleaseManifest> PublishAsync(
        string model, int version, byte[] content, string channel = "stable", double? percentage = null)
    {
        byte[] signature = Signer.Sign(content);
        await SignatureAudit.RequireAsync(content, signature, Keys.CmsRoot, Clock.GetUtcNow());
        Publication publication = await Publisher.PublishAsync(
            new([new(model, version, content, signature)], channel, percentage), CancellationToken.None);
        for (int key = 1; publication.Pending is { } id && Publisher.Pending().Any(pending => pending.Id == id); key++)
        {
            await Publisher.SignPendingAsync(id, [SignOffline(id, $"targets-{key}")], CancellationToken.None);
        }

        return publication.Release;
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
