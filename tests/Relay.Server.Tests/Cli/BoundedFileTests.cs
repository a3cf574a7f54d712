using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

/// <summary>A file that an argument names is read up to its bound.</summary>
public sealed class BoundedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void Read_UpToTheBound_AllBytes(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        File.WriteAllBytes(_folder.Combine("file"), content);

        Assert.Equal(content, BoundedFile.Read(_folder.Combine("file"), length, "a file"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    public void Read_AByteMore_IsRefused(int bound)
    {
        File.WriteAllBytes(_folder.Combine("file"), new byte[bound + 1]);

        Assert.Throws<CommandException>(() => BoundedFile.Read(_folder.Combine("file"), bound, "a file"));
    }

    [Fact]
    public void Read_NoFile_IsRefused() =>
        Assert.Throws<CommandException>(() => BoundedFile.Read(_folder.Combine("none"), 1, "a file"));

    /// <summary>Its length is 0, and it has no end.</summary>
    [Fact]
    public void Read_Device_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such device.");

        Assert.Throws<CommandException>(() => BoundedFile.Read("/dev/zero", 1000, "a file"));
    }
}
