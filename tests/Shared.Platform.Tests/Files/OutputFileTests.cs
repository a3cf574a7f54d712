using System.IO.Pipes;
using System.Text;
using Shared.Platform.Files;

namespace Shared.Platform.Tests.Files;

public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-output-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replace_WriteThatEndsEarlyOrGoesToALink_LeavesAWholeFile()
    {
        string target = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(target, "of yesterday");
        string link = Path.Combine(_folder, "link.csv");
        File.CreateSymbolicLink(link, target);
        using (OutputFile output = new(link))
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => output.WriteAsync(async content =>
            {
                await content.WriteAsync("tod"u8.ToArray(), Cancel);
                throw new InvalidDataException();
            }));
        }

        string left = File.ReadAllText(target);
        await OutputFile.ReplaceAsync(link, "today"u8.ToArray(), Cancel);

        Assert.Equal(("of yesterday", "today"), (left, File.ReadAllText(target)));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(2, Directory.EnumerateFiles(_folder).Count());
    }

    [Fact]
    public void Open_FileThatIsNotCompleted_LeavesWhatHadItsName()
    {
        string target = Path.Combine(_folder, "rows.csv");
        File.WriteAllText(target, "of yesterday");
        using (OutputFile output = new(target))
        {
            output.Open().Write("tod"u8);
        }

        Assert.Equal("of yesterday", File.ReadAllText(target));
        using (OutputFile output = new(target))
        {
            output.Open().Write("today"u8);
            output.Complete();
        }

        Assert.Equal("today", File.ReadAllText(target));
        Assert.Equal([target], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Replace_Device_IsWrittenAndNotReplaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/fd");
        using AnonymousPipeServerStream pipe = new(PipeDirection.In);
        string device = $"/dev/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        await OutputFile.ReplaceAsync(device, "today"u8.ToArray(), Cancel);

        pipe.DisposeLocalCopyOfClientHandle();
        using StreamReader reader = new(pipe, Encoding.UTF8);
        Assert.Equal("today", await reader.ReadToEndAsync(Cancel));
    }

    [Theory]
    [InlineData("/dev/stdout", true)]
    [InlineData("/dev/../dev/fd/1", true)]
    [InlineData("/dev/shm/rows.csv", false)]
    [InlineData("/devices/rows.csv", false)]
    [InlineData("rows.csv", false)]
    public void IsDevice_Path_IsToldByItsFolder(string path, bool isDevice) => Assert.Equal(isDevice, OutputFile.IsDevice(path));
}
