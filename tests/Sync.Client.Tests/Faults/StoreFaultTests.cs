using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Faults;

/// <summary>What is wrong with the machine of a node: it serves what it can, says what is wrong once, and mends by itself.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private readonly TestLogger<SyncClient> _log = new();
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create(version: 1));
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Refresh_StoreFolderDeletedWhileTheNodeRuns_IsMadeAgainAndServesTheNextStart()
    {
        using (SyncClient node = Open())
        {
            await node.RefreshAsync();
            await node.HoldAsync();
            Directory.Delete(_fixture.Options.StoreFolder, recursive: true);

            Assert.Null((await node.RefreshAsync()).Refusal);
            Assert.Equal(1, node.Models.Single().Predict(new float[4]).Version);
        }

        _fixture.KillRelay();
        using SyncClient next = Open();
        await next.RestoreAsync();
        Assert.Equal(1, next.Models.Single().Active.Version);
        Assert.Equal(NodeSteering.Held, next.Status.Steering);
    }

    [Theory]
    [InlineData("active.json")]
    [InlineData("metadata.json")]
    [InlineData("metadata/timestamp.json")]
    [InlineData("metadata/targets.json")]
    [InlineData("store.lock")]
    [InlineData("artifacts")]
    [InlineData("targets")]
    public async Task Refresh_PartOfTheStoreDeletedWhileTheNodeRuns_IsBroughtBack(string part)
    {
        using (SyncClient node = Open())
        {
            await node.RefreshAsync();
            string path = Path.Combine(_fixture.Options.StoreFolder, part);
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }

            Assert.Null((await node.RefreshAsync()).Refusal);
        }

        _fixture.KillRelay();
        using SyncClient next = Open();
        await next.RestoreAsync();
        Assert.Equal(1, next.Models.Single().Active.Version);
    }

    [Fact]
    public async Task Refresh_ReadOnlyStore_ServesWhatIsThereTakesARevocationAndMendsByItself()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        _fixture.Options.StoreFolder = disk.FullPath;
        using (SyncClient before = Open())
        {
            await before.RefreshAsync();
        }

        disk.SetReadOnly(true);
        using SyncClient node = Open();
        await node.RestoreAsync();
        int served = node.Models.Single().Predict(new float[4]).Version;
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        RefreshResult refused = await node.RefreshAsync();
        disk.SetReadOnly(false);
        RefreshResult mended = await node.RefreshAsync();

        Assert.Equal(1, served);
        Assert.Equal(RefusalReason.StoreReadOnly, refused.Refusal?.Reason);
        Assert.Equal((null, 2), (mended.Refusal, node.Models.Single().Active.Version));
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_StoreInUseByAnotherNode_ServesWhatIsThereAndTakesOverWhenItEnds()
    {
        SyncClient first = Open();
        await first.RefreshAsync();
        using SyncClient second = Open();
        await second.RestoreAsync();
        RefreshResult refused = await second.RefreshAsync();
        first.Dispose();
        await _fixture.PublishAsync(TestModel.Create(version: 2));
        RefreshResult mended = await second.RefreshAsync();

        Assert.Equal(RefusalReason.StoreInUse, refused.Refusal?.Reason);
        Assert.Equal((null, 2), (mended.Refusal, second.Models.Single().Active.Version));
    }

    [Fact]
    public async Task Refresh_RevocationWhileTheDiskIsFull_IsObeyedAndBothAreSaid()
    {
        FailingDisk disk = new();
        using SyncClient node = _fixture.OpenNode(disk.CreateFiles());
        await node.RefreshAsync();
        disk.Fails = true;
        await _fixture.Honest.Policy.RevokeAsync([node.Models.Single().Active.Sha256], CancellationToken.None);

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.ArtifactRevoked, result.Refusal?.Reason);
        Assert.False(node.Models.Single().IsReady);
        Assert.Contains(node.Status.CurrentRefusals, r => r.Reason == nameof(RefusalReason.StoreFull));
    }

    [Theory]
    [InlineData("steering.json", "{\"mode\":\"Pinned\"")]
    [InlineData("steering.json", "null")]
    [InlineData("quarantine.json", "[null]")]
    [InlineData("active.json", "{\"current\":{\"number\":1,\"acceptedAt\":\"2030-01-01T00:00:00Z\",\"models\":[null]},\"previous\":null}")]
    [InlineData("metadata.json", "{\"timestamp\":\"\",\"snapshot\":\"\",\"roles\":[null]}")]
    [InlineData("metadata/timestamp.json", "null")]
    [InlineData("metadata/snapshot.json", "[]")]
    [InlineData("metadata/targets.json", "{\"signed\":null,\"signatures\":null}")]
    [Trait("Attack", "tampering-at-rest")]
    public async Task Restore_StateFileOfAnyContent_EndsNothingAndTheNextRefreshMends(string file, string content)
    {
        using (SyncClient before = Open())
        {
            await before.RefreshAsync();
        }

        File.WriteAllText(Path.Combine(_fixture.Options.StoreFolder, file), content);
        using SyncClient node = Open();
        await node.RestoreAsync();
        RefreshResult result = await node.RefreshAsync();

        Assert.Null(result.Refusal);
        Assert.Equal(1, node.Models.Single().Active.Version);
    }

    [Theory]
    [InlineData("steering.json")]
    [InlineData("quarantine.json")]
    [InlineData("active.json")]
    [InlineData("metadata.json")]
    [InlineData("metadata/timestamp.json")]
    public async Task Restore_StateFileThatCannotBeRead_EndsNothingAndIsSaid(string file)
    {
        using (SyncClient before = Open())
        {
            await before.RefreshAsync();
        }

        // A folder cannot be read as a file, not even by root.
        string path = Path.Combine(_fixture.Options.StoreFolder, file);
        File.Delete(path);
        Directory.CreateDirectory(path);
        using SyncClient node = Open();
        await node.RestoreAsync();
        await node.RefreshAsync();
        string[] said = [.. node.Status.RecentRefusals.Select(r => r.Subject)];
        Directory.Delete(path);
        RefreshResult mended = await node.RefreshAsync();

        Assert.Contains(said, s => s.Contains(_fixture.Options.StoreFolder, StringComparison.Ordinal));
        Assert.Null(mended.Refusal);
        Assert.Equal(1, node.Models.Single().Active.Version);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_FaultThatLastsThreePolls_IsLoggedOnceWhenItBeginsAndOnceWhenItEnds()
    {
        using SyncClient node = Open();
        await node.RefreshAsync();
        Func<Microsoft.AspNetCore.Http.HttpContext, string, Task<bool>> alive = _fixture.Server.Instead;
        _fixture.KillRelay();
        await node.RefreshAsync();
        await node.RefreshAsync();
        await node.RefreshAsync();
        string current = Assert.Single(node.Status.CurrentRefusals).Reason;
        _fixture.Server.Instead = alive;
        await node.RefreshAsync();

        Assert.Equal(nameof(RefusalReason.TransportUnavailable), current);
        Assert.Empty(node.Status.CurrentRefusals);
        Assert.Single(_log.Entries, e => e.Level is LogLevel.Warning or LogLevel.Error);
        Assert.Single(_log.Entries, e => e.Message.StartsWith("Over after", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Entries, e => e.Message.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refresh_TrustedRootThatBecomesWhole_IsTakenWithoutARestart()
    {
        byte[] root = await File.ReadAllBytesAsync(_fixture.Options.TrustedRoot);
        await File.WriteAllTextAsync(_fixture.Options.TrustedRoot, "{\"signed\":");
        using SyncClient node = Open();
        await node.RestoreAsync();
        await node.RefreshAsync();
        string current = Assert.Single(node.Status.CurrentRefusals).Reason;
        await File.WriteAllBytesAsync(_fixture.Options.TrustedRoot, root);

        Assert.Null((await node.RefreshAsync()).Refusal);
        Assert.Equal(nameof(RefusalReason.TrustedRootInvalid), current);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("no certificate at all")]
    public async Task Refresh_CertificatesThatCannotBeUsed_AreARefusalUntilTheyCan(string pem)
    {
        string good = await File.ReadAllTextAsync(_fixture.Options.TlsRoot!);
        string path = _fixture.Combine("ca.pem");
        await File.WriteAllTextAsync(path, pem);
        _fixture.Options.TlsRoot = path;
        using SyncClient node = Open();
        RefreshResult refused = await node.RefreshAsync();
        await File.WriteAllTextAsync(path, good);

        Assert.Equal(RefusalReason.TransportUnavailable, refused.Refusal?.Reason);
        Assert.Null((await node.RefreshAsync()).Refusal);
    }

    private SyncClient Open() => new(_fixture.Options, _fixture.Clock, _log);
}
