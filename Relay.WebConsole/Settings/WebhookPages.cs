using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Hosting;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Settings;

/// <summary>Webhooks: where events go, and whether they arrive.</summary>
internal static class WebhookPages
{
    /// <summary>The boxes of the events.</summary>
    public const string Events = "events";

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/settings/webhooks", (request, token) => ListAsync(request, FilledForm.Empty, token));
        console.MapAction("/settings/webhooks", CreateAsync);
        console.MapAction("/settings/webhooks/{id:long}/test", TestAsync);
        Change(console, "pause", "The webhook is paused: its events wait.", (api, id, token) => api.Webhooks.PauseAsync(id, token));
        Change(console, "resume", "The webhook goes on: what waits is delivered.", (api, id, token) => api.Webhooks.ResumeAsync(id, token));
        Change(console, "delete", "The webhook was deleted.", (api, id, token) => api.Webhooks.DeleteAsync(id, token));
    }

    private static void Change(
        IEndpointRouteBuilder console, string verb, string notice, Func<RelayAdminClient, long, CancellationToken, Task> change) =>
        console.MapAction($"/settings/webhooks/{{id:long}}/{verb}", async (request, _, cancellationToken) =>
        {
            await change(request.Api, request.Id("id"), cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Webhooks, notice);
        });

    private static async Task<Page> ListAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken) =>
        Page.Create<WebhooksPage>(
            "Webhooks", Section.Settings,
            ("Webhooks", await request.ReadPageAsync(Routes.Webhooks, RelayApiJson.Default.PageWebhookView, cancellationToken)),
            ("Form", form),
            ("MayChange", request.User.May(ConsolePermission.Administer)));

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ListAsync(request, filled, cancellationToken), async () =>
        {
            WebhookRequest wanted = new(
                form["url"].ToString().Trim(), [.. form[Events].OfType<string>()], form["name"].ToString().Trim());
            WebhookCreated created = await request.Api.Webhooks.CreateAsync(wanted, cancellationToken);
            return FormOutcome.Show(Page.Create<SecretPage>(
                "New webhook", Section.Settings,
                ("Heading", "New webhook"),
                ("Text", "The receiver checks each delivery by this secret. Copy it now: it is shown this once."),
                ("Secret", created.Secret),
                ("Back", ConsolePaths.Webhooks)));
        });

    private static async Task<ActionResult> TestAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        WebhookDelivery delivery = await request.Api.Webhooks.TestAsync(request.Id("id"), cancellationToken);
        return ActionResult.GoTo(
            ConsolePaths.Webhooks,
            delivery.Error is { } error ? $"The test event did not arrive: {error}" : $"The test event arrived, and was answered {delivery.Status}.");
    }
}
