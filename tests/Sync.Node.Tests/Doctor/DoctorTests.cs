using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Client;
using Sync.Node.Doctor;

namespace Sync.Node.Tests.Doctor;

/// <summary>'doctor' finds what is wrong, and nothing where all is well.</summary>
public sealed class DoctorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_OfANodeThatIsWell_FindNothing()
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        RelaySyncOptions options = new() { Relay = node.Relay.Address, TlsRoot = node.Relay.TlsRoot, TrustedRoot = node.TrustedRoot };

        Finding[] findings =
        [
            .. StoreCheck.Run(node.Node.Status, options, TimeProvider.System).Where(finding => finding.Subject != "disk"),
            .. await new RelayCheck(options, TimeProvider.System).RunAsync(Cancel),
        ];

        Assert.Equal(["root", "store", "release", "relay", "clock"], findings.Select(finding => finding.Subject));
        Assert.All(findings, finding => Assert.True(finding.Severity is Severity.Ok, finding.ToString()));
    }

    [Fact]
    public async Task StoreCheck_BeforeTheFirstRelease_SaysHowToGetOne()
    {
        await using ServingNode node = await ServingNode.StartAsync();

        Finding release = StoreCheck.Run(node.Node.Status, new() { TrustedRoot = node.TrustedRoot }, TimeProvider.System)
            .Single(finding => finding.Subject == "release");

        Assert.Equal(Severity.Failure, release.Severity);
        Assert.Contains("refresh", release.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    public async Task StoreCheck_RootThatIsNone_SaysWhereToGetIt(string? content)
    {
        await using ServingNode node = await ServingNode.StartAsync();
        using TemporaryFolder folder = new();
        if (content is not null)
        {
            await File.WriteAllTextAsync(folder.Combine("root.json"), content, Cancel);
        }

        Finding root = StoreCheck.Run(node.Node.Status, new() { TrustedRoot = folder.Combine("root.json") }, TimeProvider.System).First();

        Assert.Equal((Severity.Failure, "root"), (root.Severity, root.Subject));
    }

    [Fact]
    public async Task RelayCheck_RelayThatIsNotThereOrNotTrusted_SaysWhatToCheck()
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        RelaySyncOptions gone = new() { Relay = new($"https://localhost:{LocalPort.FindFree()}") };
        RelaySyncOptions untrusted = new() { Relay = node.Relay.Address };
        RelaySyncOptions noFile = new() { Relay = node.Relay.Address, TlsRoot = "/nothing/ca.pem" };

        foreach (RelaySyncOptions options in (RelaySyncOptions[])[gone, untrusted, noFile])
        {
            Finding finding = Assert.Single(await new RelayCheck(options, TimeProvider.System).RunAsync(Cancel));
            Assert.Equal(Severity.Failure, finding.Severity);
        }
    }

    [Theory]
    [InlineData(-3600, "behind")]
    [InlineData(3600, "ahead")]
    public async Task RelayCheck_ClockThatIsWrong_SaysByHowMuch(int seconds, string direction)
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        TestClock clock = TestClock.Running();
        clock.Set(TimeSpan.FromSeconds(seconds));

        Finding finding = (await new RelayCheck(new() { Relay = node.Relay.Address, TlsRoot = node.Relay.TlsRoot }, clock).RunAsync(Cancel))
            .Single(one => one.Subject == "clock");

        Assert.Equal(Severity.Failure, finding.Severity);
        Assert.Contains(direction, finding.Detail, StringComparison.Ordinal);
    }
}
