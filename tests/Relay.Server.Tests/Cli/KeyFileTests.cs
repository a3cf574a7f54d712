using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Cli;

/// <summary>A command that creates a key writes it where no file is, for its owner alone.</summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("federate", "key")]
    [InlineData("keys", "create")]
    public async Task Create_FileExists_IsRefusedAndTheFileStays(string group, string command)
    {
        string path = _folder.Combine("a.pem");
        await File.WriteAllTextAsync(path, "older", TestContext.Current.CancellationToken);

        Assert.Equal(CommandLine.Failed, (await RelayCommandRun.RunAsync(group, command, path)).Code);

        Assert.Equal("older", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([path], Directory.GetFiles(_folder.FullPath));
    }

    /// <summary>A link of another account would lead the key to a place of its choice.</summary>
    [Theory]
    [InlineData("federate", "key")]
    [InlineData("keys", "create")]
    [Trait("Attack", "planted-key-file")]
    public async Task Create_LinkToNothing_IsRefusedAndNothingIsWritten(string group, string command)
    {
        string path = _folder.Combine("a.pem");
        File.CreateSymbolicLink(path, _folder.Combine("elsewhere"));

        Assert.Equal(CommandLine.Failed, (await RelayCommandRun.RunAsync(group, command, path)).Code);

        Assert.False(File.Exists(_folder.Combine("elsewhere")));
    }

    /// <summary>A file that others may read, under a name that a command would take for its own.</summary>
    [Theory]
    [InlineData("federate", "key")]
    [InlineData("keys", "create")]
    [Trait("Attack", "planted-key-file")]
    public async Task Create_PlantedTemporaryFile_KeyIsForTheOwnerOnly(string group, string command)
    {
        string path = _folder.Combine("a.pem");
        await File.WriteAllTextAsync(path + ".new", "planted", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await RelayCommandRun.RunAsync(group, command, path)).Code);

        Assert.Equal("planted", await File.ReadAllTextAsync(path + ".new", TestContext.Current.CancellationToken));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(DurableFiles.OwnerFile, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task KeysCreate_PublicKeyExists_IsRefusedAndNoPrivateKeyIsWritten()
    {
        string path = _folder.Combine("a.pem");
        await File.WriteAllTextAsync(_folder.Combine("a.pub.pem"), "older", TestContext.Current.CancellationToken);

        Assert.Equal(CommandLine.Failed, (await RelayCommandRun.RunAsync("keys", "create", path)).Code);

        Assert.False(File.Exists(path));
        Assert.Equal("older", await File.ReadAllTextAsync(_folder.Combine("a.pub.pem"), TestContext.Current.CancellationToken));
    }
}
