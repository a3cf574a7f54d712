using System.Runtime.Versioning;
using Relay.Server.Cli;
using Relay.Server.Cli.Profiles;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli.Profiles;

[UnsupportedOSPlatform("windows")]
public sealed class ProfileFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ProfileFile _file;

    public ProfileFileTests() => _file = new(_folder.Combine("config/relay/profiles.json"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Change_FirstProfile_MakesAFileOfTheUserAlone()
    {
        await AddAsync("a");

        Assert.Equal("a", Assert.Single(_file.Read().Profiles).Name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file.Path));
    }

    [Fact]
    public async Task Change_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AddAsync($"p{i}")));

        Assert.Equal(8, _file.Read().Profiles.Count);
    }

    [Theory]
    [Trait("Attack", "changed-profile")]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task Read_FileThatOthersMayReadOrChange_IsRefused(UnixFileMode more)
    {
        await AddAsync("a");
        File.SetUnixFileMode(_file.Path, File.GetUnixFileMode(_file.Path) | more);

        CommandException refused = Assert.Throws<CommandException>(_file.Read);

        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"profiles":[{"name":"a"}]}""")]
    [InlineData("""{"profiles":[],"key":"relay_x_y"}""")]
    public async Task Read_FileThatIsNone_SaysWhere(string text)
    {
        await AddAsync("a");
        await File.WriteAllTextAsync(_file.Path, text, TestContext.Current.CancellationToken);

        Assert.Contains(_file.Path, Assert.Throws<CommandException>(_file.Read).Message, StringComparison.Ordinal);
    }

    /// <summary>A file in the working directory would be that of the account that wrote it there.</summary>
    [Theory]
    [Trait("Attack", "changed-profile")]
    [InlineData(null, ".config", "")]
    [InlineData("config", "", "")]
    [InlineData("config", "/home/a/.config", "/home/a/.config/relay/profiles.json")]
    [InlineData("/etc/a", ".config", "/etc/a/relay/profiles.json")]
    public void FindPath_NoHomeFolder_IsNoneAndNeverOfTheWorkingDirectory(string? configured, string home, string expected) =>
        Assert.Equal(expected, ProfileFile.FindPath(configured, home));

    [Fact]
    public async Task File_WithoutAPlace_IsEmptyAndTakesNothing()
    {
        ProfileFile none = new("");

        Assert.Empty(none.Read().Profiles);
        CommandException refused = await Assert.ThrowsAsync<CommandException>(
            () => none.ChangeAsync(list => list, TestContext.Current.CancellationToken));
        Assert.Contains("XDG_CONFIG_HOME", refused.Message, StringComparison.Ordinal);
    }

    private Task AddAsync(string name) => _file.ChangeAsync(
        list => list with { Profiles = [.. list.Profiles, new() { Name = name, Relay = new Uri("https://relay.example.com") }] },
        TestContext.Current.CancellationToken);
}
