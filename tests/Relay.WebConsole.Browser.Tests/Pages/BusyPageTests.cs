using System.Net.Http.Json;
using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Shared.Contracts.Api;
using static Microsoft.Playwright.Assertions;

namespace Relay.WebConsole.Browser.Tests.Pages;

/// <summary>Pages of what is in progress: rollouts, nodes, channels, runs, publications that wait.</summary>
public sealed class BusyPageTests(Chromium chromium, BusyRelay busy)
{
    [Theory]
    [MemberData(nameof(SessionOptions.Views), MemberType = typeof(SessionOptions))]
    public async Task Pages_OfARelayAtWork_AreSound(int width, ColorScheme theme)
    {
        TestRelay relay = await busy.GetAsync();
        (string Name, string Path)[] pages =
        [
            ("run-curve", $"/console/training/{busy.BoostedRun}"), ("run-refused", $"/console/training/{busy.RefusedRun}"),
            ("runs-compared", $"/console/training/compare?run={busy.BoostedRun}&run=1"),
            ("rollout-running", $"/console/rollouts/{busy.RunningRollout}"), ("rollout-halted", $"/console/rollouts/{busy.HaltedRollout}"),
            ("channel", $"/console/rollouts/channels/{BusyRelay.RunningChannel}"), ("node", $"/console/fleet/nodes/{BusyRelay.Node}"),
            ("version-in-rollout", $"/console/models/{SmallModel.Name}/versions/2"),
        ];
        await chromium.VisitAsync(new(relay.Address) { Width = width, Theme = theme }, async session =>
        {
            await session.SignInAsync(relay.AdminKey);
            await session.RequireSoundPagesAsync(pages);
        });
    }

    [Fact]
    public async Task Publication_ThatWaitsForSignatures_IsSoundInEveryView()
    {
        await using TestRelay relay = await TestRelay.StartOfflineAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        using HttpResponseMessage accepted = await relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [version] }, RelayApiJson.Default.ReleaseRequest);
        PendingNotice notice = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice))!;
        foreach ((int width, ColorScheme theme) in SessionOptions.Views.Select(view => view.Data))
        {
            await chromium.VisitAsync(new(relay.Address) { Width = width, Theme = theme }, async session =>
            {
                await session.SignInAsync(relay.AdminKey);
                await session.RequireSoundPagesAsync(
                    ("settings-waiting", "/console/settings"), ("pending", $"/console/settings/pending/{notice.Pending}"));
                await Expect(session.Page.GetByRole(AriaRole.Main)).ToContainTextAsync(notice.Pending);
            });
        }
    }

    /// <summary>The curve and the log grow on a page that is open.</summary>
    [Fact]
    public async Task Run_ThatTrains_ShowsItsCurveAndItsLogWithoutANewPage()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun run = await relay.StartTrainingAsync(
            SmallModel.SlowSpec() with { Parameters = new() { Trees = 10_000, Depth = 10, Seed = 7, EarlyStoppingRounds = 10_000 } },
            SmallModel.LargeData);
        await chromium.VisitAsync(new(relay.Address), async session =>
        {
            IPage page = session.Page;
            await session.SignInAsync(relay.AdminKey);
            await session.GoToAsync($"/console/training/{run.Id}");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Validation loss" })).ToBeVisibleAsync();
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Log" })).ToContainTextAsync("Stage fit begins.");
            await session.RequireSoundPageAsync("run-training");

            await page.GetByText("Cancel", new() { Exact = true }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();

            ILocator last = page.GetByRole(AriaRole.Region, new() { Name = "Log" }).GetByRole(AriaRole.Listitem).Last;
            await Expect(last).ToContainTextAsync("Cancelled after");
        });
    }

    [Fact]
    public async Task Log_LongerThanItsBox_ShowsItsEnd()
    {
        TestRelay relay = await busy.GetAsync();
        await chromium.VisitAsync(new(relay.Address), async session =>
        {
            await session.SignInAsync(relay.AdminKey);
            await session.GoToAsync($"/console/training/{busy.BoostedRun}");
            ILocator log = session.Page.GetByRole(AriaRole.Region, new() { Name = "Log" });
            await log.ScrollIntoViewIfNeededAsync();

            await Expect(log.GetByRole(AriaRole.Listitem).Last).ToBeInViewportAsync();
            await Expect(log.GetByRole(AriaRole.Listitem).First).Not.ToBeInViewportAsync();
        });
    }
}
