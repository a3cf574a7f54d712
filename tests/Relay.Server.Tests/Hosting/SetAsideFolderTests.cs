using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Hosting;

public sealed class SetAsideFolderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MoveFiles_TwiceInOneSecond_KeepsBoth()
    {
        DataFolder data = new(_folder.Combine("data"));
        foreach (string content in (string[])["first", "second"])
        {
            Directory.CreateDirectory(data.Tls);
            File.WriteAllText(data.ServerKey, content);
            new SetAsideFolder(data, new DurableFiles(), Now).MoveFiles(data.Tls, "missing", Path.GetFileName(data.ServerKey));
        }

        Assert.Equal(
            ["first", "second"],
            Directory.GetDirectories(data.SetAside).Order(StringComparer.Ordinal).Select(
                made => File.ReadAllText(Path.Combine(made, Path.GetFileName(data.ServerKey)))));
        Assert.StartsWith("20260701T100000Z", Path.GetFileName(Directory.GetDirectories(data.SetAside)[0]), StringComparison.Ordinal);
        Assert.False(File.Exists(data.ServerKey));
    }

    [Fact]
    public void Move_NothingThere_MakesNoFolder()
    {
        DataFolder data = new(_folder.Combine("data"));
        Directory.CreateDirectory(data.Keys);
        SetAsideFolder aside = new(data, new DurableFiles(), Now);

        aside.MoveFolder(data.Keys);
        aside.MoveFolder(data.Repository);
        aside.MoveFiles(data.Tls, "missing");

        Assert.False(Directory.Exists(data.SetAside));
    }
}
