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
    public void FindUnreferenced_OldFilesWithoutARow_AreFoundAndNoOthers()
    {
        string kept = _store.Put([1]);
        string orphan = _store.Put([2]);
        string half = _store.GetPath(kept) + ".half.tmp";
        File.WriteAllText(half, "what a kill left");
        File.WriteAllText(_folder.Combine("artifacts/notes"), "the operator's own");
        DateTimeOffset later = TimeProvider.System.GetUtcNow().AddMinutes(1);

        IReadOnlyList<FileInfo> found = _store.FindUnreferenced(new HashSet<string> { kept }, later);

        Assert.Equal(new[] { _store.GetPath(orphan), half }.Order(StringComparer.Ordinal), found.Select(file => file.FullName));
        Assert.Empty(_store.FindUnreferenced(new HashSet<string> { kept }, later.AddHours(-1)));
    }

    [Fact]
    public void Put_FileThatWasGarbage_CountsAsNewAgain()
    {
        string sha256 = _store.Put([1]);
        File.SetLastWriteTimeUtc(_store.GetPath(sha256), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        _store.Put([1]);

        Assert.Empty(_store.FindUnreferenced(new HashSet<string>(), TimeProvider.System.GetUtcNow().AddHours(-1)));
    }

    [Fact]
    [Trait("Attack", "tampering-at-rest")]
    public void Read_DamagedFile_IsRefusedAndPutMendsIt()
    {
        string sha256 = _store.Put([1, 2, 3]);
        File.WriteAllBytes(_store.GetPath(sha256), [1, 2, 4]);

        Assert.Throws<InvalidDataException>(() => _store.Read(sha256));
        _store.Put([1, 2, 3]);

        Assert.Equal([1, 2, 3], _store.Read(sha256));
    }

    public void Dispose() => _folder.Dispose();
}
