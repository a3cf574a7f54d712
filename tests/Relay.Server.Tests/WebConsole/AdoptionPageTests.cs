using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Releases over time in the console.</summary>
public sealed class AdoptionPageTests : IAsyncLifetime
{
    private TestRelay _relay = null!;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 2));
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3));
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Adoption_UsageWindowsOfTwoReleases_AreSharesOfThem()
    {
        await StoreAsync("a", release: 1, windows: 1);
        await StoreAsync("b", release: 2, windows: 3);
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(_relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync("/console/fleet/adoption");

        Assert.Contains("Release 1 Release 2 Windows", page.Text, StringComparison.Ordinal);
        Assert.Contains("25 % 75 % 4", page.Text, StringComparison.Ordinal);
        Assert.Contains("<svg role=\"img\" aria-labelledby=\"adoption-title", page.Html, StringComparison.Ordinal);
    }

    private async Task StoreAsync(string node, int release, int windows)
    {
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        CheckIn report = Reports.Valid(node) with
        {
            Release = release,
            Windows =
            [
                .. Enumerable.Range(0, windows).Select(window => new UsageWindow
                {
                    Id = now + window,
                    Seconds = 300,
                    Versions = [new VersionUsage { Release = release, Model = "small", Version = release, Calls = 10, Rows = 10 }],
                }),
            ],
        };
        FleetEntry entry = FleetEntry.Create(report, isSigned: true, _relay.Services.GetRequiredService<RepositoryCache>().Read());
        await _relay.Services.GetRequiredService<NodeStore>().StoreAsync(report, entry: entry);
    }
}
