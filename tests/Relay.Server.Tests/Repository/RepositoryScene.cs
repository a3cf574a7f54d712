using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Repository.Pruning;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Renewal;
using Relay.Server.Signing;
using Relay.Server.Signing.Evidence;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Trust;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository;

/// <summary>Keys, a clock and a folder for a repository whose services may be made to crash.</summary>
internal sealed class RepositoryScene : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RepositoryScene(SigningKeys keys)
    {
        Keys = keys;
        Signer = new(keys, Clock);
    }

    public static async Task<RepositoryScene> CreateAsync()
    {
        using TemporaryFolder keys = new();
        OpenedKeys opened = await KeyStore.OpenAsync(keys.Combine("keys"), new TestClock(), CancellationToken.None);
        return new(opened.Keys);
    }

    /// <summary>A scene after its first publication, with nothing released.</summary>
    public static async Task<RepositoryScene> StartAsync()
    {
        RepositoryScene scene = await CreateAsync();
        await scene.InitializeAsync();
        return scene;
    }

    public TestClock Clock { get; } = new();

    public SigningKeys Keys { get; }

    public ArtifactSigner Signer { get; }

    /// <summary>The folder of the relay whose repository it is.</summary>
    public DataFolder Data => TestDatabases.Open(_folder.FullPath);

    public string Repository => _folder.Combine("repository");

    /// <summary>The relay's files by SHA-256, of which those that <see cref="Request"/> publishes are.</summary>
    public string Artifacts => _folder.Combine("artifacts");

    public ReleasePublisher Releases => new(Open());

    public PolicyPublisher Policy => new(Open());

    public RenewalService Renewals => new(Open());

    /// <summary>What the database knows of releases, where they are taken out of the targets.</summary>
    public FakeReleaseUses Uses { get; } = new("threat");

    /// <summary>Which releases stay listed; null: all, by a repository that takes none out.</summary>
    public PruningRules? Pruning { get; set; }

    /// <summary>The repository as a process opens it that starts now.</summary>
    public TufRepository Open(DurableFiles? files = null) => new(Repository, Keys, Clock, files ?? new(), artifactsFolder: Artifacts)
    {
        Pruner = Pruning is { } rules ? new(new NamedReleasesFile(Repository, files ?? new()), rules, Uses) : null,
    };

    /// <summary>The same keys and clock with a copy of the folder.</summary>
    public TufRepository OpenAt(DataFolder folder) => new(folder.Repository, Keys, Clock, new(), artifactsFolder: folder.Artifacts);

    public Task InitializeAsync(DurableFiles? files = null) => new RepositoryInitializer(Open(files)).RunAsync(CancellationToken.None);

    public RepositorySnapshot Read() => Open().Read();

    public PublishRequest Request(int version, double? percentage = null, string model = "threat")
    {
        byte[] content = [1, 2, 3, (byte)version];
        new DurableFiles().CreateFolder(Artifacts);
        new DurableFiles().Replace(ArtifactOf(content), content);
        EvidenceFile evidence = new(TargetPaths.Provenance(model, version), new byte[] { 2, (byte)version });
        return new([new(model, version, content, Signer.Sign(content)) { Evidence = [evidence] }], "stable", percentage);
    }

    public string ArtifactOf(byte[] content) => Path.Combine(Artifacts, FileHashes.Compute(content).Sha256!);

    /// <summary>All files that never change. An archived timestamp is one of them once it was current.</summary>
    public Dictionary<string, byte[]> Files() => Directory
        .EnumerateFiles(Repository, "*", SearchOption.AllDirectories)
        .Where(file => !IsArchivedAhead(file))
        .Where(file => !file.Contains("staging", StringComparison.Ordinal) && Path.GetFileName(file) is not (MetadataPaths.Timestamp or ".lock"))
        .ToDictionary(file => file, File.ReadAllBytes);

    private bool IsArchivedAhead(string file)
    {
        string current = Path.Combine(Repository, "metadata", MetadataPaths.Timestamp);
        long version = File.Exists(current) ? UntrustedMetadata.Read(File.ReadAllBytes(current)).Value!.Metadata.Version : 0;
        return Path.GetFileName(Path.GetDirectoryName(file)) == "timestamps"
            && long.Parse(Path.GetFileNameWithoutExtension(file), System.Globalization.CultureInfo.InvariantCulture) > version;
    }

    public void Dispose()
    {
        Keys.Dispose();
        _folder.Dispose();
    }
}
