using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Retention;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Retention;

/// <summary>What goes by the settings, in a relay and by <c>relay gc</c>.</summary>
public sealed class RetentionSweepTests : IAsyncLifetime
{
    private static readonly DateTime LongAgo = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TestRelay _relay = null!;

    private string Artifacts => Path.Combine(_relay.DataFolder, "artifacts");

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync(options => options with { Retention = new() { RunDays = 0, KeepVersions = 1 } });
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 2));
        await _relay.TrainSmallAsync(trees: 3);
        await _relay.TrainSmallAsync(trees: 4);
        await _relay.TrainSmallAsync(trees: 5);
        foreach (string file in Directory.GetFiles(Artifacts))
        {
            File.SetLastWriteTimeUtc(file, LongAgo);
        }
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Sweep_BeyondTheNumber_DeletesUnpublishedVersionsAndTheirFilesAfterTheGracePeriod()
    {
        int files = Directory.GetFiles(Artifacts).Length;
        RetentionSweep sweep = _relay.Services.GetRequiredService<RetentionSweep>();

        RetentionResult dry = await sweep.RunAsync(dryRun: true, Cancel);
        Assert.Equal("1 2 3 4", await VersionsAsync());
        RetentionResult result = await sweep.RunAsync(dryRun: false, Cancel);

        Assert.Equal([new("small", 3), new("small", 2)], result.Versions);
        Assert.Equal(result.Versions, dry.Versions);
        Assert.Equal("1 4", await VersionsAsync());
        Assert.Empty(result.Files);
        Assert.Equal(files, Directory.GetFiles(Artifacts).Length);

        foreach (string file in Directory.GetFiles(Artifacts))
        {
            File.SetLastWriteTimeUtc(file, LongAgo);
        }

        Assert.Equal(4, (await sweep.RunAsync(dryRun: false, Cancel)).Files.Count);
        Assert.Equal(files - 4, Directory.GetFiles(Artifacts).Length);
        await _relay.RestartAsync();
        Assert.Equal("1 4", await VersionsAsync());
    }

    [Fact]
    public async Task Sweep_ArchivedModel_KeepsAllVersions()
    {
        await _relay.PublishAsync("stable", await _relay.TrainAsync(SmallModel.Spec("other", trees: 2), SmallModel.Data));
        using HttpResponseMessage without = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"),
            new ReleaseRequest { Models = [], Without = ["small"], SchemaChange = true },
            RelayApiJson.Default.ReleaseRequest);
        Assert.Equal(HttpStatusCode.OK, without.StatusCode);
        (await _relay.Admin.PostAsync(Routes.ArchiveOf("small"), null)).EnsureSuccessStatusCode().Dispose();

        Assert.Empty((await _relay.Services.GetRequiredService<RetentionSweep>().RunAsync(dryRun: false, Cancel)).Versions);
    }

    [Fact]
    public async Task Gc_WithTheSettings_ShowsWhatWouldGoAndDeletesIt()
    {
        await _relay.StopAsync();
        string[] arguments = ["gc", "--data", _relay.DataFolder, .. TestDatabases.ArgumentsFor(_relay.DataFolder)];

        RelayCommandRun none = await RelayCommandRun.RunAsync([.. arguments, "--dry-run"]);
        RelayCommandRun dry = await RelayCommandRun.InAsync(new() { ["RELAY__KEEPVERSIONS"] = "1" }, [.. arguments, "--dry-run"]);
        RelayCommandRun run = await RelayCommandRun.RunAsync([.. arguments, "--keep-versions", "1"]);
        await _relay.StartAgainAsync();

        Assert.DoesNotContain("version small", none.Output, StringComparison.Ordinal);
        Assert.Contains("would remove version small@3\nwould remove version small@2\n", dry.Output, StringComparison.Ordinal);
        Assert.Contains("removed version small@3\nremoved version small@2\n", run.Output, StringComparison.Ordinal);
        Assert.Equal("1 4", await VersionsAsync());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<string> VersionsAsync() => string.Join(
        ' ', (await _relay.Admin.GetFromJsonAsync(Routes.VersionsOf("small"), RelayApiJson.Default.PageVersionView))!.Items
            .Select(version => version.Version).Order());
}
