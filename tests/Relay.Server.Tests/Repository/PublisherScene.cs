using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Signing.Evidence;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository;

/// <summary>Keys, a clock and a folder for a publisher, which may be made to crash.</summary>
internal sealed class PublisherScene : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PublisherScene(SigningKeys keys)
    {
        Keys = keys;
        Signer = new(keys, Clock);
    }

    public static async Task<PublisherScene> CreateAsync()
    {
        using TemporaryFolder keys = new();
        OpenedKeys opened = await KeyStore.OpenAsync(keys.Combine("keys"), new TestClock(), CancellationToken.None);
        return new(opened.Keys);
    }

    public TestClock Clock { get; } = new();

    public SigningKeys Keys { get; }

    public ArtifactSigner Signer { get; }

    public string Repository => _folder.Combine("repository");

    public RepositoryPublisher Publisher(DurableFiles? files = null) => new(Repository, Keys, Clock, files ?? new());

    public PublishRequest Request(int version, double? percentage = null, string model = "threat")
    {
        byte[] content = [1, 2, 3, (byte)version];
        EvidenceFile evidence = new(TargetPaths.Provenance(model, version), new byte[] { 2, (byte)version });
        return new([new(model, version, content, Signer.Sign(content)) { Evidence = [evidence] }], "stable", percentage);
    }

    public Dictionary<string, byte[]> Files() => Directory
        .EnumerateFiles(Repository, "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("staging", StringComparison.Ordinal) && Path.GetFileName(file) is not (MetadataPaths.Timestamp or ".lock"))
        .ToDictionary(file => file, File.ReadAllBytes);

    public void Dispose()
    {
        Keys.Dispose();
        _folder.Dispose();
    }
}
