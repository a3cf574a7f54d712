using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Usage;
using Relay.Server.Repository;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.WebConsole;

/// <summary>The fleet in the console: its counts, its list, and a node with what an operator may do to it.</summary>
public sealed class FleetPagesTests(OwnRelay own) : IClassFixture<OwnRelay>
{
    private const string Fleet = "/console/fleet";

    [Fact]
    public async Task Fleet_Filters_ComeFromTheAddress()
    {
        await StoreAsync(Healthy("shop-1"));
        await StoreAsync(Healthy("shop-2") with { Stale = true, Quarantine = Reports.Valid("shop-2").Quarantine });
        await StoreAsync(Healthy("till-3") with { Release = 0, Models = [], Refusals = Reports.Valid("till-3").Refusals });
        using (DbConnection connection = own.Relay.OpenDatabase())
        {
            await connection.ExecuteAsync("UPDATE nodes SET seen_at = seen_at - 7200000 WHERE id = 'till-3'");
        }

        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);

        Assert.Equal("shop-1 shop-2 till-3", await ListAsync(browser, ""));
        Assert.Equal("shop-1 shop-2", await ListAsync(browser, "?prefix=shop"));
        Assert.Equal("shop-2", await ListAsync(browser, "?stale=true"));
        Assert.Equal("till-3", await ListAsync(browser, "?silent=true"));
        Assert.Equal("shop-1 shop-2", await ListAsync(browser, "?channel=stable&release=1&model=small"));
        Assert.Equal("shop-1 shop-2", await ListAsync(browser, "?model=small&version=1"));
        Assert.Equal("shop-1 shop-2 till-3", await ListAsync(browser, "?version=1"));
        Assert.Equal("shop-2", await ListAsync(browser, "?quarantined=true"));
        Assert.Equal("till-3", await ListAsync(browser, "?refusing=true"));
        Assert.Equal("", await ListAsync(browser, "?banned=true"));
        Assert.Contains("No node is of this kind", (await browser.GetAsync($"{Fleet}?banned=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fleet_ManyNodes_ComeByPagesThatKeepTheFilter()
    {
        for (int i = 0; i < 60; i++)
        {
            await StoreAsync(Healthy($"zone-{i:D2}"));
        }

        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsync(own.Relay);
        ConsoleAnswer first = await browser.GetAsync($"{Fleet}?prefix=zone");

        Assert.Contains("?prefix=zone&amp;cursor=zone-49", first.Html, StringComparison.Ordinal);
        Assert.Contains("zone-50", (await browser.GetAsync($"{Fleet}?prefix=zone&cursor=zone-49")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_Page_SaysWhatItRunsAndWhyItRefused()
    {
        await StoreAsync(Healthy("kiosk-1"));
        await StoreAsync(Reports.Valid("kiosk-1") with { Release = 2 });
        using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "auditor");
        ConsoleAnswer page = await browser.GetAsync($"{Fleet}/nodes/kiosk-1");

        Assert.Contains("Swapped from release 1 to release 2.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Artifact hash mismatch", page.Text, StringComparison.Ordinal);
        Assert.Contains("check mirrors and proxies", page.Text, StringComparison.Ordinal);
        Assert.Contains("relay history kiosk-1 --at ", page.Text, StringComparison.Ordinal);
        Assert.Contains("/console/files/v1/nodes/kiosk-1/bom", page.Html, StringComparison.Ordinal);
        Assert.Contains("/console/models/small/versions/3", page.Html, StringComparison.Ordinal);
        ConsoleAnswer asked = await browser.GetAsync($"{Fleet}/nodes/kiosk-1?at=2020-01-31T12:00:00");
        Assert.Contains("before first", asked.Text, StringComparison.Ordinal);
        Assert.Contains("relay history kiosk-1 --at 2020-01-31T12:00:00Z --out evidence", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/kiosk-1/ban", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/kiosk-1/remove", page.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"{Fleet}/nodes/kiosk-1/remove")).Status);
    }

    [Fact]
    public async Task Node_OperatorBansEndsTheBanAndRemoves()
    {
        (SigningNode node, HttpClient client) = await SigningNode.EnrollAsync(own.Relay, "desk-1");
        using (node)
        using (client)
        {
            using HttpResponseMessage reported = await client.PostAsJsonAsync(
                Routes.CheckInsOf("desk-1"), Healthy("desk-1") with { Sequence = 1 }, RelayApiJson.Default.CheckIn);
            reported.EnsureSuccessStatusCode();
            using ConsoleBrowser browser = await ConsoleBrowser.SignInAsAsync(own.Relay, "operator");
            const string page = $"{Fleet}/nodes/desk-1";

            ConsoleAnswer banned = await browser.SubmitAsync(page, $"{page}/ban");
            ConsoleAnswer free = await browser.SubmitAsync(page, $"{page}/unban");
            ConsoleAnswer removed = await browser.SubmitAsync(page, $"{page}/remove");

            Assert.Contains("desk-1 is banned", banned.Text, StringComparison.Ordinal);
            Assert.Contains($"{page}/unban", banned.Html, StringComparison.Ordinal);
            Assert.Contains($"{page}/ban", free.Html, StringComparison.Ordinal);
            Assert.Contains("desk-1 is removed", removed.Text, StringComparison.Ordinal);
        }
    }

    private static CheckIn Healthy(string node) => Reports.Valid(node) with { Refusals = [], Quarantine = [] };

    private static async Task<string> ListAsync(ConsoleBrowser browser, string query)
    {
        ConsoleAnswer page = await browser.GetAsync(Fleet + query);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return string.Join(' ', new[] { "shop-1", "shop-2", "till-3" }
            .Where(node => page.Html.Contains($"{Fleet}/nodes/{node}\"", StringComparison.Ordinal)));
    }

    private Task StoreAsync(CheckIn report) => own.Relay.Services.GetRequiredService<NodeStore>().StoreAsync(
        report, entry: FleetEntry.Create(report, isSigned: true, own.Relay.Services.GetRequiredService<RepositoryCache>().Read()));
}
