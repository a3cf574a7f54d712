using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Settings;

/// <summary>What keeps the relay going: trust, publications that wait, API keys, webhooks.</summary>
internal static class SettingsPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/settings", ShowTrustAsync);
        console.MapPage("/settings/pending/{id}", ShowPendingAsync);
        console.MapAction("/settings/pending/{id}/drop", DropPendingAsync);
        ApiKeyPages.Map(console);
        WebhookPages.Map(console);
    }

    private static async Task<Page> ShowTrustAsync(PageRequest request, CancellationToken cancellationToken) => Page.Create<SettingsPage>(
        "Settings", Section.Settings,
        ("Trust", await request.Api.Status.ReadTrustAsync(cancellationToken)),
        ("Pending", await request.ReadPageAsync(Routes.Pending, RelayApiJson.Default.PagePendingView, cancellationToken)),
        ("Stats", await request.Api.Status.ReadStatsAsync(cancellationToken)),
        ("Warnings", (await request.Api.Status.ReadReadinessAsync(cancellationToken)).Warnings));

    private static async Task<Page> ShowPendingAsync(PageRequest request, CancellationToken cancellationToken) => Page.Create<PendingPage>(
        "Publication that waits", Section.Settings,
        ("Pending", await request.Api.Pending.FindAsync(request.Route("id"), cancellationToken)),
        ("MayDrop", request.User.May(ConsolePermission.Operate))) with
    {
        IsLive = true,
    };

    private static async Task<ActionResult> DropPendingAsync(
        PageRequest request, Microsoft.AspNetCore.Http.IFormCollection form, CancellationToken cancellationToken)
    {
        await request.Api.Pending.DropAsync(request.Route("id"), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Settings, "The publication was dropped. Nothing changed for nodes.");
    }
}
