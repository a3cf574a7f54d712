using System.Diagnostics;
using Relay.TestKit;
using Shared.Contracts;
using Sync.Client.Storage;
using Sync.Client.Tests.Faults;

namespace Sync.Client.Tests.Storage;

// Writes that fail.
public sealed partial class NodeStoreTests
{
    [Theory]
    [InlineData(28, RefusalReason.StoreFull)]
    [InlineData(122, RefusalReason.StoreFull)]
    [InlineData(30, RefusalReason.StoreReadOnly)]
    [InlineData(24, RefusalReason.StoreUnavailable)]
    [InlineData(5, RefusalReason.StoreUnavailable)]
    public void Write_DiskThatRefuses_SaysWhyAndIsWrittenLater(int errno, RefusalReason reason)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("the numbers are those of Unix");
        }

        FailingDisk disk = new(errno);
        using NodeStore store = NodeStore.Open(_folder.FullPath, disk.CreateFiles());
        disk.Fails = true;
        store.WriteTarget("aa", "text"u8);
        Refusal? refused = store.Fault;
        byte[]? read = store.ReadTarget("aa", 100);
        disk.Fails = false;
        Refusal? after = store.Prepare();

        Assert.Equal(reason, refused?.Reason);
        Assert.Equal("text"u8.ToArray(), read);
        Assert.Null(after);
        Assert.Equal("text", File.ReadAllText(_folder.Combine("targets/aa")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteActive_StoreThatIsFull_DoesNotPretend(bool isKnown)
    {
        FailingDisk disk = new();
        using NodeStore store = NodeStore.Open(_folder.FullPath, disk.CreateFiles());
        disk.Fails = true;
        if (isKnown)
        {
            store.WriteTarget("aa", "text"u8);
        }

        StoreFaultException failure = Assert.Throws<StoreFaultException>(
            () => store.WriteActive(new ActiveRecord(new StoredRelease(7, DateTimeOffset.UnixEpoch, []), null)));
        Assert.Equal(RefusalReason.StoreFull, failure.Refusal.Reason);
    }

    [Fact]
    public void WriteQuarantine_AfterAListThatCouldNotBeWritten_IsTheOneThatStays()
    {
        FailingDisk disk = new();
        using NodeStore store = NodeStore.Open(_folder.FullPath, disk.CreateFiles());
        disk.Fails = true;
        store.WriteQuarantineWhenPossible([new(new("m", 1, new string('a', 64), "OnnxMalformed"), 1, null)]);
        disk.Fails = false;
        store.WriteQuarantine([]);
        store.Prepare();

        Assert.Empty(store.ReadQuarantine());
        Assert.Equal("[]", File.ReadAllText(_folder.Combine("quarantine.json")));
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
}
