using System.Net.Http.Json;
using Microsoft.Playwright;
using Relay.TestKit;
using Relay.WebConsole.Browser.Tests.Servers;
using Relay.WebConsole.Browser.Tests.Sessions;
using Shared.Contracts.Api;
using static Microsoft.Playwright.Assertions;

namespace Relay.WebConsole.Browser.Tests.Pages;

public sealed class ConsolePageTests(Chromium chromium, TrainedRelay trained)
{
    /// <summary>The name of the picture, and the path.</summary>
    private static readonly (string Name, string Path)[] Pages =
    [
        ("home", "/console"),
        ("models", "/console/models"), ("new-model", "/console/new-model"), ("model", "/console/models/small"),
        ("spec", "/console/models/small/spec"), ("import", "/console/models/small/import"), ("version", "/console/models/small/versions/1"),
        ("compare", "/console/models/small/versions/1/compare"), ("annotations", "/console/models/small/annotations"),
        ("training", "/console/training"), ("training-new", "/console/training/new"), ("training-run", "/console/training/1"),
        ("training-of-dataset", $"/console/training?dataset={TrainedRelay.Dataset}"), ("triggers", "/console/training/triggers"),
        ("rollouts", "/console/rollouts"), ("rollout-new", "/console/rollouts/new"), ("channels", "/console/rollouts/channels"),
        ("releases", "/console/rollouts/releases"),
        ("fleet", "/console/fleet"), ("tokens", "/console/fleet/tokens"), ("adoption", "/console/fleet/adoption"),
        ("data", "/console/data"), ("dataset", $"/console/data/{TrainedRelay.Dataset}"), ("new-dataset", "/console/new-dataset"),
        ("dataset-spec", $"/console/data/{TrainedRelay.Dataset}/spec"), ("forget", $"/console/data/{TrainedRelay.Dataset}/forget"),
        ("audit", "/console/audit"), ("audit-verify", "/console/audit/verify"),
        ("settings", "/console/settings"), ("api-keys", "/console/settings/api-keys"), ("roles", "/console/settings/roles"),
        ("webhooks", "/console/settings/webhooks"),
    ];

    [Theory]
    [MemberData(nameof(SessionOptions.Views), MemberType = typeof(SessionOptions))]
    public async Task Pages_InEveryView_AreSound(int width, ColorScheme theme)
    {
        TestRelay relay = await trained.GetAsync();
        await chromium.VisitAsync(new(relay.Address) { Width = width, Theme = theme }, async session =>
        {
            await session.GoToAsync("/");
            await session.RequireSoundPageAsync("sign-in");
            await session.SignInAsync(relay.AdminKey);
            await session.RequireSoundPagesAsync(Pages);
        });
    }

    [Fact]
    public async Task SignIn_WithoutScripts_ShowsHome()
    {
        TestRelay relay = await trained.GetAsync();
        await chromium.VisitAsync(new(relay.Address) { JavaScript = false }, async session =>
        {
            await session.SignInAsync(relay.AdminKey);

            await Expect(session.Page.GetByRole(AriaRole.Navigation)).ToBeVisibleAsync();
            await session.RequireSoundPageAsync("home");
        });
    }

    [Fact]
    public async Task Audit_EntryThatComesLater_AppearsWithoutANewPage()
    {
        TestRelay relay = await trained.GetAsync();
        await chromium.VisitAsync(new(relay.Address), async session =>
        {
            await session.SignInAsync(relay.AdminKey);
            await session.GoToAsync("/console/audit?action=api-keys");
            await Expect(session.Page.GetByRole(AriaRole.Table)).ToHaveCountAsync(0);

            using HttpResponseMessage created = await relay.Admin.PostAsJsonAsync(
                Routes.ApiKeys, new ApiKeyRequest("comes-later", "auditor"), RelayApiJson.Default.ApiKeyRequest);
            created.EnsureSuccessStatusCode();

            await Expect(session.Page.GetByRole(AriaRole.Table)).ToContainTextAsync(Routes.ApiKeys);
        });
    }
}
