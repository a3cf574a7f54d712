using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Mirroring;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Pruning;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Renewal;
using Relay.Server.Repository.Rotation;
using Relay.Server.Signing;
using Relay.Server.Signing.Evidence;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.TestKit.Trust;

/// <summary>A real repository in a temporary folder: real keys, real signatures, the relay's own services.</summary>
public sealed partial class TestRepository : IDisposable
{
    private readonly TemporaryFolder _folder;

    private TestRepository(TemporaryFolder folder, SigningKeys keys, TestClock clock)
    {
        (_folder, Keys, Clock) = (folder, keys, clock);
        Repository = new(RepositoryPath, keys, clock);
        Releases = new(Repository);
        Policy = new(Repository);
        Approvals = new(Repository);
        Rotations = new(Repository);
        Renewals = new(Repository);
        Signer = new(keys, clock);
    }

    public SigningKeys Keys { get; }

    public TestClock Clock { get; }

    public TufRepository Repository { get; }

    public ReleasePublisher Releases { get; }

    public PolicyPublisher Policy { get; }

    public ApprovalService Approvals { get; }

    public RotationService Rotations { get; }

    public RenewalService Renewals { get; }

    public ArtifactSigner Signer { get; }

    /// <summary>The folder with <c>metadata/</c> and <c>targets/</c>.</summary>
    public string RepositoryPath => _folder.Combine("repository");

    /// <summary>The root that a node ships with.</summary>
    public byte[] FirstRoot => Repository.FirstRoot();

    /// <summary>A repository after its first publication, with nothing released.</summary>
    public static async Task<TestRepository> CreateAsync(TestClock? clock = null)
    {
        clock ??= new();
        TemporaryFolder folder = new();
        OpenedKeys opened = await KeyStore.OpenAsync(folder.Combine("keys"), clock, CancellationToken.None);
        TestRepository repository = new(folder, opened.Keys, clock);
        await new RepositoryInitializer(repository.Repository).RunAsync(CancellationToken.None);
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
        await new RepositoryInitializer(repository.Repository).RunAsync(CancellationToken.None);
        return repository;
    }

    /// <summary>The signature of an offline key, such as <c>targets-1</c>, on a pending publication.</summary>
    public MetadataSignature SignOffline(string id, string key)
    {
        using RoleSigner signer = KeyFolder.ReadFile(_folder.Combine($"ceremony/offline/{key}.pem"));
        UntrustedMetadata metadata = UntrustedMetadata.Read(Approvals.List().Single(pending => pending.Id == id).Metadata).ValueOrThrow();
        return new(signer.KeyId, signer.Sign(metadata.SignedBytes.Span));
    }

    /// <summary>Asks for a release, which is current only where the targets keys are here.</summary>
    public Task<Publication> ProposeAsync(string model, int version, byte[] content, string channel = "stable") =>
        Releases.PublishAsync(new([new(model, version, content, Signer.Sign(content))], channel), CancellationToken.None).AcceptedAsync();

    /// <summary>Signs any bytes as a version of a model and releases them. OpenSSL is asked about the signature.</summary>
    /// <param name="evidence">What is published beside the version.</param>
    public async Task<ReleaseManifest> PublishAsync(
        string model, int version, byte[] content, string channel = "stable", double? percentage = null, params EvidenceFile[] evidence)
    {
        byte[] signature = Signer.Sign(content);
        await SignatureAudit.RequireAsync(content, signature, Keys.CmsRoot, Clock.GetUtcNow());
        Publication publication = await Releases.PublishAsync(
            new([new(model, version, content, signature) { Evidence = evidence }], channel, percentage) { AcceptsSchemaChange = true },
            CancellationToken.None).AcceptedAsync();
        for (int key = 1; publication.Pending is { } id && Approvals.List().Any(pending => pending.Id == id); key++)
        {
            await Approvals.SignAsync(id, [SignOffline(id, $"targets-{key}")], CancellationToken.None).AcceptedAsync();
        }

        return publication.Release;
    }

    /// <summary>Signs the targets once more, in the form of earlier versions.</summary>
    public Task PublishEarlierFormAsync() => EarlierForm.PublishAsync(Repository, Keys);

    /// <summary>From now on old releases leave the targets with each publication, as those of a relay do that has all versions.</summary>
    public void Unlist(int afterDays, int keptReleases) => Repository.Pruner = new(
        new NamedReleasesFile(RepositoryPath, new DurableFiles()), new PruningRules { Days = afterDays, Releases = keptReleases },
        new FakeReleaseUses());

    /// <summary>What is current now.</summary>
    public RepositorySnapshot Read() => Repository.Read();

    /// <summary>What <c>relay bundle export</c> does.</summary>
    public Task ExportBundleAsync(string path, string channel = "stable") =>
        new BundleWriter(new FolderFileSource(RepositoryPath), Clock, new DurableFiles()).WriteAsync(channel, path, CancellationToken.None);

    /// <summary>What <c>relay mirror</c> does.</summary>
    public Task MirrorAsync(string folder) =>
        new RepositoryMirror(folder, Clock, new DurableFiles())
            .UpdateAsync(new FolderFileSource(RepositoryPath), prune: false, CancellationToken.None);

    /// <summary>The bytes at <c>metadata/...</c> or <c>targets/...</c>; null where a server would answer 404.</summary>
    public byte[]? Serve(string path)
    {
        string file = FolderPath.Combine(RepositoryPath, path);
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    public void Dispose()
    {
        Keys.Dispose();
        _folder.Dispose();
    }
}
