using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>No value of <see cref="TargetPath"/> leaves its folder, on any system.</summary>
public sealed class TargetPathTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../keys/root-1.pem")]
    [InlineData("../../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("//host/share/x")]
    [InlineData("models/../../x")]
    [InlineData("models//x")]
    [InlineData("models/./x")]
    [InlineData("models/")]
    [InlineData("models\\x")]
    [InlineData("..\\x")]
    [InlineData("c:/x")]
    [InlineData("x:stream")]
    [InlineData("models/%2e%2e/x")]
    [InlineData("models/x?y")]
    [InlineData("models/x#y")]
    [InlineData(".. /x")]
    [InlineData("models./x")]
    [InlineData("models/x.")]
    [InlineData("models/x ")]
    [InlineData("models/NUL")]
    [InlineData("con.json")]
    [InlineData("lpt1/x")]
    [InlineData("com\u00b2.json")]
    [InlineData("models/\u0000")]
    [InlineData("models/\u001b[2J")]
    [InlineData("models/x\n")]
    [InlineData("models/\u0085")]
    [InlineData("models/\u202egpj.exe")]
    [InlineData("models/\u200b")]
    [InlineData("models/\u2028")]
    [Trait("Attack", "path-traversal")]
    public void TryCreate_TextThatIsNotOnePlainRelativePath_IsRefused(string text)
    {
        Assert.False(TargetPath.TryCreate(text, out _));
        Assert.Throws<FormatException>(() => TargetPath.Parse(text));
    }

    [Theory]
    [InlineData(513, 8)]
    [InlineData(300, 300)]
    [InlineData(127, 127)]
    public void TryCreate_NameThatNoFileSystemHolds_IsRefused(int length, int segment) => Assert.False(TargetPath.TryCreate(
        string.Join('/', Enumerable.Repeat(new string('x', segment), (length / segment) + 1))[..Math.Max(length, segment)], out _));

    [Fact]
    public void TryCreate_HalfASurrogatePairOrNull_IsRefused()
    {
        Assert.False(TargetPath.TryCreate("models/\ud800x", out _));
        Assert.False(TargetPath.TryCreate(null, out _));
    }

    [Theory]
    [InlineData("models/threat/1/model.onnx")]
    [InlineData("example.org/keys.json")]
    [InlineData(".well-known/x")]
    [InlineData("...x/y")]
    [InlineData("a b/Größe.json")]
    [InlineData("channels/contact.json")]
    [InlineData("nonexistent target")]
    public void TryCreate_PlainPath_IsThatPath(string text)
    {
        Assert.True(TargetPath.TryCreate(text, out TargetPath? path));
        Assert.Equal(text, path.Value);
        Assert.Equal(text, path);
    }

    [Theory]
    [InlineData("x", "abc.x")]
    [InlineData("releases/1.json", "releases/abc.1.json")]
    public void WithHash_AnyPath_HasItBeforeTheFileName(string path, string expected) =>
        Assert.Equal(expected, TargetPath.Parse(path).WithHash("abc"));
}
