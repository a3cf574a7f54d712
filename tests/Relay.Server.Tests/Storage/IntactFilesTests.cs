using System.Security.Cryptography;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Storage;

[Trait("Attack", "tampering-at-rest")]
public sealed class IntactFilesTests : IDisposable
{
    private static readonly byte[] Content = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();
    private readonly IntactFiles _files = new();

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

    [Fact]
    public void GetTag_FileWithoutADigestInItsName_HasTheTagOfItsBytes()
    {
        string path = _folder.Combine("1.root.json");
        File.WriteAllBytes(path, Content);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Content)), _files.GetTag(path));
    }

    public void Dispose() => _folder.Dispose();
}
