using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void ReadBounded_File_IsReadUpToTheBound(int length, bool isRead)
    {
        byte[] content = [.. Enumerable.Range(1, length).Select(i => (byte)i)];
        File.WriteAllBytes(_path, content);

        Assert.Equal(isRead ? content : null, RegularFile.ReadBounded(_path, 5));
    }

    [Fact]
    public void ReadBounded_DeviceWithoutEnd_IsNotReadOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/zero");
        Assert.Null(RegularFile.ReadBounded("/dev/zero", 5));
    }
}
