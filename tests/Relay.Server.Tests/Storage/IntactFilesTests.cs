using System.Security.Cryptography;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Storage;

[Trait("Attack", "tampering-at-rest")]
public sealed class IntactFilesTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly IntactFiles _files;

    public IntactFilesTests() => _files = new IntactFiles(_clock);

    public static TheoryData<string> Names =>
    [
        Convert.ToHexStringLower(SHA256.HashData(Content)),
        Convert.ToHexStringLower(SHA256.HashData(Content)) + ".model.onnx",
        Convert.ToHexStringLower(SHA512.HashData(Content)) + ".model.onnx",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void GetTag_FileDamagedAfterItWasServed_IsRefusedUntilItIsMended(string name)
    {
        string path = _folder.Combine(name);
        File.WriteAllBytes(path, Content);
        string tag = _files.GetTag(path);
        File.WriteAllBytes(path, [1, 2, 4]);
        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Throws<InvalidDataException>(() => _files.GetTag(path));
        Assert.Equal([path], _files.Damaged);
        File.WriteAllBytes(path, Content);

        Assert.Equal(tag, _files.GetTag(path));
        Assert.Empty(_files.Damaged);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_FileThatIsMendedOrDeleted_IsNotAmongThemThoughItIsNotAskedFor(bool isMended)
    {
        string path = WriteDamaged();
        if (isMended)
        {
            File.WriteAllBytes(path, Content);
            File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        }
        else
        {
            File.Delete(path);
        }

        Assert.Empty(_files.Damaged);
    }

    [Fact]
    public void Find_FileThatIsMendedAndHasItsOldTime_IsServedAfterAMinute()
    {
        string path = WriteDamaged();
        DateTime written = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, Content);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal([path], _files.Damaged);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Content, _files.Find(path)!.Content);
        Assert.Empty(_files.Damaged);
    }

    [Fact]
    public void GetTag_FileWithoutADigestInItsName_HasTheTagOfItsBytes()
    {
        string path = _folder.Combine("1.root.json");
        File.WriteAllBytes(path, Content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Content)), _files.GetTag(path));
    }

    [Fact]
    public void Find_SmallFile_IsKeptAndReadAgainWhenItChanged()
    {
        string path = _folder.Combine("1.snapshot.json");
        File.WriteAllBytes(path, Content);
        IntactFile first = _files.Find(path)!;
        IntactFile second = _files.Find(path)!;
        File.WriteAllBytes(path, [4, 5]);
        IntactFile changed = _files.Find(path)!;

        Assert.Equal(Content, first.Content);
        Assert.Same(first.Content, second.Content);
        Assert.Equal([4, 5], changed.Content);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([4, 5])), changed.Tag);
    }

    [Theory]
    [InlineData(IntactFiles.SmallBytes, true)]
    [InlineData(IntactFiles.SmallBytes + 1, false)]
    public void Find_FileOfALength_IsKeptOnlyWhereItIsSmall(int length, bool isKept)
    {
        string path = _folder.Combine("2.snapshot.json");
        File.WriteAllBytes(path, new byte[length]);

        Assert.Equal(isKept, _files.Find(path)!.Content is not null);
    }

    [Fact]
    public void Find_MoreThanIsKept_DropsWhatWasKeptAndServesAll()
    {
        int files = (IntactFiles.MaximumKeptBytes / IntactFiles.SmallBytes) + 1;
        byte[] content = new byte[IntactFiles.SmallBytes];
        string[] paths = [.. Enumerable.Range(1, files).Select(i => _folder.Combine($"{i}.targets.json"))];
        Array.ForEach(paths, path => File.WriteAllBytes(path, content));

        byte[] first = _files.Find(paths[0])!.Content!;
        Assert.All(paths, path => Assert.Equal(content.Length, _files.Find(path)!.Content!.Length));
        Assert.NotSame(first, _files.Find(paths[0])!.Content);
    }

    [Fact]
    public void Find_FileThatIsNotThere_IsNull() => Assert.Null(_files.Find(_folder.Combine("3.snapshot.json")));

    public void Dispose() => _folder.Dispose();

    private string WriteDamaged()
    {
        string path = _folder.Combine(Convert.ToHexStringLower(SHA256.HashData(Content)));
        File.WriteAllBytes(path, [1, 2, 4]);
        Assert.Throws<InvalidDataException>(() => _files.Find(path));
        Assert.Equal([path], _files.Damaged);
        return path;
    }
}
