using Relay.TestKit;
using Relay.TestKit.Faults;
using Shared.Contracts;

namespace Relay.EndToEnd.Tests.Packages;

/// <summary>What a newcomer's app says when something is not right: what is wrong, its value or place, and what to do. Without stack traces,
/// and once.</summary>
[Collection(PackageFeed.Collection)]
public sealed partial class NewcomerTests(NewcomerFixture newcomer) : IClassFixture<NewcomerFixture>
{
    private static readonly string OtherRoot = RepositoryRoot.Combine("tests", "Compatibility", "0.1", "root.json");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task App_AllRight_AnswersAndWarnsOfNothing()
    {
        await using LoggedApp app = await StartAsync();
        await app.WaitForMessageAsync("Release 1 is active: small 1");

        Assert.Equal(200, (await app.ScoreAsync()).Status);
        Assert.DoesNotContain("warn:", app.Log, StringComparison.Ordinal);
        await AssertQuietAsync(app);
    }

    [Fact]
    public async Task App_RelayIsNotRunning_NamesItsAddressAndSaysToStartIt()
    {
        string address = $"https://localhost:{LocalPort.FindFree()}/";
        await using LoggedApp app = await StartAsync(("Relay:Relay", address));

        await app.WaitForMessageAsync("TransportUnavailable", address, "check that the relay runs");

        await AssertNotReadyAsync(app, RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task App_RootOfAnotherRelay_NamesTheFile()
    {
        await using LoggedApp app = await StartAsync(("Relay:TrustedRoot", OtherRoot));

        await app.WaitForMessageAsync("MetadataSignature", OtherRoot, "root.json of another relay");

        await AssertNotReadyAsync(app, RefusalReason.MetadataSignature);
    }

    [Fact]
    public async Task App_ClockTwoDaysAhead_NamesItsTimeAndSaysToSetIt()
    {
        await using LoggedApp app = await StartAsync(("ClockOffset", "2.00:00:00"));

        await app.WaitForMessageAsync("MetadataExpired", $"it is {TimeProvider.System.GetUtcNow().AddDays(2):yyyy-MM-dd}", "set the clock");

        await AssertNotReadyAsync(app, RefusalReason.MetadataExpired);
    }

    [Fact]
    public async Task App_ClockTwoDaysBehind_NamesItsTimeAndSaysToSetIt()
    {
        await using LoggedApp app = await StartAsync(("ClockOffset", "-2.00:00:00"));

        await app.WaitForMessageAsync(
            $"The clock of this node says {TimeProvider.System.GetUtcNow().AddDays(-2):yyyy-MM-dd}",
            $"of the relay {TimeProvider.System.GetUtcNow():yyyy-MM-dd}",
            "set the wrong one");

        Assert.Equal(200, (await app.ScoreAsync()).Status);
        await AssertQuietAsync(app);
    }

    [Fact]
    public async Task App_StoreFolderIsAFile_NamesItAndSaysToSetAnother()
    {
        string path = newcomer.NewPath("file");
        await File.WriteAllTextAsync(path, "", Cancel);
        await using LoggedApp app = await StartAsync(("Relay:StoreFolder", path));

        await app.WaitForMessageAsync("StoreUnavailable", path, "set another StoreFolder");

        await AssertNotReadyAsync(app, RefusalReason.StoreUnavailable);
    }

    [Fact]
    public async Task App_ReadOnlyStore_NamesItAndSaysToSetAnother()
    {
        using SmallDisk disk = Mount();
        disk.SetReadOnly(true);
        await using LoggedApp app = await StartAsync(("Relay:StoreFolder", disk.FullPath));

        await app.WaitForMessageAsync("StoreReadOnly", disk.FullPath, "set another StoreFolder");

        await AssertNotReadyAsync(app, RefusalReason.StoreReadOnly);
    }

    [Fact]
    public async Task App_FullDisk_NamesTheStoreAndSaysToFreeSpace()
    {
        using SmallDisk disk = Mount();
        disk.Fill();
        await using LoggedApp app = await StartAsync(("Relay:StoreFolder", disk.FullPath));

        await app.WaitForMessageAsync("StoreFull", disk.FullPath, "free some space");

        await AssertNotReadyAsync(app, RefusalReason.StoreFull);
    }

    [Fact]
    public async Task App_TwoProcessesOnOneStore_TheSecondNamesItAndAnswersFromIt()
    {
        string store = newcomer.NewPath("store");
        await using LoggedApp first = await StartAsync(("Relay:StoreFolder", store), ("Relay:NodeId", "twins"));
        await first.WaitForMessageAsync("is active");
        await using LoggedApp second = await StartAsync(("Relay:StoreFolder", store), ("Relay:NodeId", "twins"));

        await second.WaitForMessageAsync("StoreInUse", store, "give each its own StoreFolder");

        Assert.Equal(200, (await second.ScoreAsync()).Status);
        await AssertQuietAsync(second);
    }

    private static SmallDisk Mount()
    {
        SmallDisk? disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "needs the right to mount a tmpfs");
        return disk;
    }

    private async Task<LoggedApp> StartAsync(params (string Name, string? Value)[] changes) =>
        LoggedApp.Start(newcomer.App, await newcomer.CreateOptionsAsync(changes));

    private static async Task AssertNotReadyAsync(LoggedApp app, RefusalReason reason)
    {
        (int status, string text) = await app.ScoreAsync();
        Assert.Equal(503, status);
        Assert.Contains($"no version of 'small' is active: ", text, StringComparison.Ordinal);
        Assert.Contains($"{reason}", text, StringComparison.Ordinal);
        await AssertQuietAsync(app);
    }

    // Several polls later.
    private static async Task AssertQuietAsync(LoggedApp app)
    {
        await Task.Delay(TimeSpan.FromSeconds(0.5), Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(app.Log);
        Assert.DoesNotContain("   at ", app.Log, StringComparison.Ordinal);
        Assert.Equal(app.NodeMessages.Distinct(), app.NodeMessages);
    }
}
