using System.Diagnostics;
using Relay.TestKit;
using Sync.Client.Storage;

namespace Sync.Client.Tests.Storage;

public sealed class NodeStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_StoreThatIsOpen_IsRefusedUntilItIsClosed()
    {
        NodeStore first = NodeStore.Open(_folder.FullPath);

        RelaySyncException refused = Assert.Throws<RelaySyncException>(() => NodeStore.Open(_folder.FullPath));
        first.Dispose();

        Assert.Equal(RelaySyncFault.StoreInUse, refused.Fault);
        NodeStore.Open(_folder.FullPath).Dispose();
    }

    [Fact]
    [Trait("Attack", "two-processes")]
    public void Open_StoreOfAnotherProcess_IsRefused()
    {
        if (!File.Exists("/usr/bin/flock"))
        {
            Assert.Skip("needs flock as the other process");
        }

        NodeStore.Open(_folder.FullPath).Dispose();
        using Process other = Process.Start(new ProcessStartInfo(
            "/usr/bin/flock", [_folder.Combine("store.lock"), "sh", "-c", "echo held; read wait"])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());

        RelaySyncException refused = Assert.Throws<RelaySyncException>(() => NodeStore.Open(_folder.FullPath));
        other.StandardInput.Close();
        other.WaitForExit();

        Assert.Equal(RelaySyncFault.StoreInUse, refused.Fault);
    }

    [Fact]
    public void Open_FolderThatCannotBeMade_SaysSo()
    {
        File.WriteAllText(_folder.Combine("file"), "");

        RelaySyncException refused = Assert.Throws<RelaySyncException>(() => NodeStore.Open(_folder.Combine("file")));

        Assert.Equal(RelaySyncFault.StoreUnusable, refused.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"current\":null}")]
    public void ReadActive_FileThatIsNoRecord_CountsAsMissing(string content)
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        File.WriteAllText(_folder.Combine("active.json"), content);

        Assert.Null(store.ReadActive());
    }

    [Fact]
    public void WriteActive_Crash_LeavesTheRecordBefore()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        ActiveRecord record = new(new StoredRelease(7, DateTimeOffset.UnixEpoch, []), null);
        store.WriteActive(record);

        // What a crash in the middle of the next write leaves.
        File.WriteAllText(_folder.Combine("active.json.tmp"), "{\"curr");

        Assert.Equal(7, store.ReadActive()?.Current.Number);
    }

    [Fact]
    public void KeepOnly_OtherArtifactsAndDownloads_AreGone()
    {
        using NodeStore store = NodeStore.Open(_folder.FullPath);
        File.WriteAllText(store.ArtifactPath("aa"), "");
        File.WriteAllText(store.SignaturePath("aa"), "");
        File.WriteAllText(store.ArtifactPath("bb"), "");
        File.WriteAllText(store.DownloadPath("cc"), "");

        store.KeepOnly(models: new HashSet<string> { "aa" }, documents: new HashSet<string>());

        Assert.True(File.Exists(store.ArtifactPath("aa")) && File.Exists(store.SignaturePath("aa")));
        Assert.False(File.Exists(store.ArtifactPath("bb")) || File.Exists(store.DownloadPath("cc")));
    }
}
