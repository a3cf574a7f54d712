using System.Net.Http.Json;
using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Sessions;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using SimulatedFleet;
using static Microsoft.Playwright.Assertions;
using LightFleet = SimulatedFleet.Fleet;

namespace Relay.WebConsole.Browser.Tests.Pages;

/// <summary>What an operator does in the console, from the first training run to a release that stops itself, with nodes that really run
/// it.</summary>
public sealed class OperatorDayTests(Chromium chromium) : IAsyncLifetime
{
    private const int Nodes = 60;

    /// <summary>Half of what version 2 answers are failures.</summary>
    private const int BadVersion = 2;

    private const string Rule =
        """{"metrics":[{"name":"failures","kind":"Failures","cap":0.1,"harm":0.01,"passMargin":0.05,"minWhole":20}],"thresholds":[]}""";

    private static readonly LocatorAssertionsToContainTextOptions Long = new() { Timeout = 90_000 };

    private TestRelay _relay = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        using HttpResponseMessage put = await _relay.Admin.PutAsJsonAsync(
            Routes.ModelOf(SmallModel.Name), SmallModel.Spec(trees: 2), ModelJson.Default.ModelSpec, Cancel);
        put.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public Task Release_ThatFailsOnItsNodes_IsSeenToHaltAndGoBack() => chromium.VisitAsync(new(_relay.Address), async session =>
    {
        IPage page = session.Page;
        ILocator main = page.GetByRole(AriaRole.Main);
        await session.GoToAsync("/");
        await page.GetByLabel("API key").FillAsync(_relay.AdminKey);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await TrainAsync(page);

        await ReleaseAsync(page);
        await using LightFleet fleet = await StartFleetAsync();
        await session.GoToAsync("/console");
        await Expect(main).ToContainTextAsync($"release 1 {Nodes}", Long);
        await session.SaveScreenshotAsync("day-adopted");

        await TrainAsync(page);
        await StartRolloutAsync(session);
        await Expect(page.Locator("h1 .badge")).ToHaveTextAsync("halted", new() { Timeout = 90_000 });
        await fleet.WaitAsync("release 1", TimeSpan.FromSeconds(60), () => fleet.CountOn(1) == Nodes, Cancel);
        await session.SaveScreenshotAsync("day-halted");
        await Expect(main).ToContainTextAsync("failures");

        await session.GoToAsync("/console");
        await Expect(main).ToContainTextAsync("Rollout 1 on stable halted and went back");
        await Expect(main).Not.ToContainTextAsync("key:key");
        await session.SaveScreenshotAsync("day-home-after");
        await RevokeAsync(page);
        await Expect(main).ToContainTextAsync("revoked");
    });

    /// <summary>Starts a run by the form, and waits until the open page says that it succeeded.</summary>
    private static async Task TrainAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Training", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Start a training run" }).ClickAsync();
        await page.GetByLabel("Training file").FillAsync(SmallModel.TrainFile);
        await page.GetByLabel("Held-out file").FillAsync(SmallModel.TestFile);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("It made version", Long);
    }

    private static async Task ReleaseAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "version 1" }).ClickAsync();
        await page.GetByText("Release on a channel").ClickAsync();
        await page.GetByLabel("Channel", new() { Exact = true }).FillAsync("stable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(page.Locator(".notice")).ToBeVisibleAsync();
    }

    private static async Task StartRolloutAsync(BrowserSession session)
    {
        IPage page = session.Page;
        await page.GotoAsync("/console/rollouts");
        await page.GetByRole(AriaRole.Link, new() { Name = "Start a rollout" }).First.ClickAsync();
        await page.GetByLabel("Versions of a new release").FillAsync($"{SmallModel.Name}@{BadVersion}");
        await page.GetByLabel("Stages, in percent of the nodes").FillAsync("50, 100");
        await page.GetByText("Rule: times, evidence").ClickAsync();
        await page.GetByLabel("Minutes at each stage, at least").FillAsync("0.2");
        await page.GetByLabel("Hours after which a stage").FillAsync("0.2");
        await page.GetByLabel("Seconds of a round").FillAsync("10");
        await page.GetByLabel("Forged reporters").FillAsync("0");
        await page.GetByLabel("Nodes of each group before a pass").FillAsync("10");
        await page.GetByLabel("Metrics and thresholds, as JSON").FillAsync(Rule);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the rollout" }).ClickAsync();
        await session.RequirePathAsync("/console/rollouts/1");
    }

    private static async Task RevokeAsync(IPage page)
    {
        await page.GotoAsync($"/console/models/{SmallModel.Name}/versions/{BadVersion}");
        await page.Locator("summary", new() { HasTextString = "Revoke" }).ClickAsync();
        await page.GetByLabel("Reason, in one line").FillAsync("half of its answers fail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(page.Locator(".notice")).ToBeVisibleAsync();
    }

    private async Task<LightFleet> StartFleetAsync() => await LightFleet.StartAsync(
        new FleetOptions
        {
            Relay = _relay.Address,
            TlsRoot = _relay.CertificateAuthority,
            TrustedRoot = _relay.TrustedRoot,
            EnrollmentToken = await _relay.CreateEnrollmentTokenAsync(Nodes),
            Channel = "stable",
            Nodes = Nodes,
            Behavior = static (_, model) => new UsageFigures(Calls: 50, Failures: model.Version == BadVersion ? 25 : 0),
        },
        TimeProvider.System, Cancel);
}
