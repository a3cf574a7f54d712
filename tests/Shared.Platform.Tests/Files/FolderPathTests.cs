using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

public sealed class FolderPathTests
{
    [Theory]
    [InlineData("..", "x")]
    [InlineData("targets", "../../x")]
    [InlineData("targets", "../../mirror-of-another/x")]
    [InlineData("targets", "/etc/passwd")]
    [InlineData("targets", "..")]
    [InlineData(".", ".")]
    [Trait("Attack", "path-traversal")]
    public void Combine_NamesThatLeadOut_AreRefused(string first, string second) =>
        Assert.Throws<InvalidDataException>(() => FolderPath.Combine("/srv/mirror", first, second));

    [Fact]
    public void Combine_PlainNames_GiveTheFileBelowTheFolder()
    {
        Assert.Equal("/srv/mirror/targets/a/b", FolderPath.Combine("/srv/mirror", "targets", "a/b"));
        Assert.Equal("/srv/mirror/a", FolderPath.Combine("/srv/mirror/", "a"));
        Assert.Equal("/x", FolderPath.Combine("/", "x"));
    }
}
