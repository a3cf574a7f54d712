using System.Security.Cryptography;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Storage;

public sealed class ArtifactStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(new DataFolder(_folder.FullPath));

    [Fact]
    public void Put_Content_IsFoundByItsDigest()
    {
        byte[] content = RandomNumberGenerator.GetBytes(10_000);

        string sha256 = _store.Put(content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), sha256);
        Assert.Equal(content, _store.Read(sha256));
    }

    [Fact]
    public void Put_Twice_LeavesOneFile()
    {
        _store.Put([1, 2, 3]);
        _store.Put([1, 2, 3]);

        Assert.Single(Directory.EnumerateFiles(_folder.Combine("artifacts")));
    }

    [Fact]
    public void RemoveAllBut_UnreferencedFiles_AreRemoved()
    {
        string kept = _store.Put([1]);
        _store.Put([2]);
        File.WriteAllText(_store.PathOf(kept) + ".half.tmp", "what a kill left");

        int removed = _store.RemoveAllBut(new HashSet<string> { kept });

        Assert.Equal(2, removed);
        Assert.Equal([1], _store.Read(kept));
    }

    public void Dispose() => _folder.Dispose();
}
