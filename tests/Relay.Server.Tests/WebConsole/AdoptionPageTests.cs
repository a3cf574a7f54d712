using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Cli;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Adoption;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Releases over time: in the console, by the API and by the command.</summary>
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
    public async Task Adoption_NodesOfTwoReleases_AreSharesOfThem()
    {
        await StoreAsync("a", release: 1);
        await StoreAsync("b", release: 2);
        await StoreAsync("c", release: 2);
        await StoreAsync("d", release: 2);
        _relay.Services.GetRequiredService<AdoptionHistory>().Sample();
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(_relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync("/console/fleet/adoption?channel=stable&days=7");

        Assert.Contains("Release 1 Release 2 Nodes", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 (25 %) 3 (75 %) 4", page.Text, StringComparison.Ordinal);
        Assert.Contains("<svg role=\"img\" aria-labelledby=\"adoption-title", page.Html, StringComparison.Ordinal);
        Assert.Contains("<option selected>stable</option>", page.Html, StringComparison.Ordinal);
        (string listed, _) = await RunAsync("--channel", "stable");
        Assert.Contains("4 nodes, release 1: 1 (25 %), release 2: 3 (75 %)", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adoption_NothingCounted_SaysWhatToDo()
    {
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(_relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync("/console/fleet/adoption?channel=beta");
        (_, string said) = await RunAsync("--channel", "beta");

        Assert.Contains("it does so every five minutes", page.Text, StringComparison.Ordinal);
        Assert.Contains("none has reported", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    [InlineData("to=0001-01-01T00:00:00Z")]
    [InlineData("from=9999-12-31T00:00:00Z")]
    public async Task Adoption_TimeWithoutLength_IsRefused(string query)
    {
        using HttpResponseMessage refused = await _relay.Admin.GetAsync($"{Routes.FleetAdoption}?{query}", TestContext.Current.CancellationToken);

        Assert.Equal("malformed-request", await refused.ProblemTypeAsync(HttpStatusCode.BadRequest));
    }

    private async Task<(string Output, string Error)> RunAsync(params string[] options)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            ["fleet", "adoption", .. options, "--relay", $"{_relay.Address}", "--ca", _relay.CertificateAuthority, "--key", _relay.AdminKey],
            output, error, TestContext.Current.CancellationToken);
        Assert.True(code == 0, error.ToString());
        return (output.ToString(), error.ToString());
    }

    private async Task StoreAsync(string node, int release)
    {
        CheckIn report = Reports.Valid(node) with { Release = release };
        FleetEntry entry = FleetEntry.Create(report, isSigned: true, _relay.Services.GetRequiredService<RepositoryCache>().Read());
        await _relay.Services.GetRequiredService<NodeStore>().StoreAsync(report, entry: entry);
    }
}
