using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Faults;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Faults;

// Files of the store and of the settings that are damaged or cannot be read.
public sealed partial class StoreFaultTests
{
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
}
