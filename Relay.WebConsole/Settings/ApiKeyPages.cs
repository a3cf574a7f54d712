using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Settings;

/// <summary>API keys: who has one, and a new one, which is shown once.</summary>
internal static class ApiKeyPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/settings/api-keys", (request, token) => ListAsync(request, FilledForm.Empty, token));
        console.MapAction("/settings/api-keys", CreateAsync);
        console.MapAction("/settings/api-keys/{id}/rotate", RotateAsync);
        console.MapAction("/settings/api-keys/{id}/revoke", RevokeAsync);
        console.MapPage("/settings/roles", (_, _) => Task.FromResult(Page.Create<RolesPage>("Who may what", Section.Settings)));
    }

    private static async Task<Page> ListAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken)
    {
        ApiKeyQuery query = new() { Role = request.Query("role"), State = request.Query("state"), Owner = request.Query("owner") };
        return Page.Create<ApiKeysPage>(
            "API keys", Section.Settings,
            ("Keys", await request.ReadPageAsync(query.ToPath(Routes.ApiKeys), RelayApiJson.Default.PageApiKeyView, cancellationToken)),
            ("Query", query),
            ("Form", form));
    }

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ListAsync(request, filled, cancellationToken), async () =>
        {
            DateOnly? day = null;
            if (Text("expires") is { Length: > 0 } text)
            {
                if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly parsed))
                {
                    return FormOutcome.Refuse("Expected a day, such as 2030-01-31.");
                }

                day = parsed;
            }

            ApiKeyRequest wanted = new(Text("name"), Text("role"))
            {
                ExpiresAt = day is { } expires ? new DateTimeOffset(expires, TimeOnly.MinValue, TimeSpan.Zero) : null,
                Owner = Text("owner") is { Length: > 0 } owner ? owner : null,
            };
            return FormOutcome.Show(ShowOnce(await request.Api.ApiKeys.CreateAsync(wanted, cancellationToken)));

            string Text(string name) => form[name].ToString().Trim();
        });

    private static async Task<ActionResult> RotateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        int? minutes = int.TryParse(form["overlap"], NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
        return ActionResult.Show(ShowOnce(await request.Api.ApiKeys.RotateAsync(
            request.Route("id"), new ApiKeyRotation { OverlapMinutes = minutes }, cancellationToken)));
    }

    private static async Task<ActionResult> RevokeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        await request.Api.ApiKeys.RevokeAsync(request.Route("id"), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.ApiKeys, $"API key {request.Route("id")} was revoked. Sessions by it have ended.");
    }

    private static Page ShowOnce(ApiKeyIssued issued) => Page.Create<SecretPage>(
        "New API key", Section.Settings,
        ("Heading", "New API key"),
        ("Text", $"For {issued.Key.Name}, with the role {issued.Key.Role}. Copy it now: the relay keeps its hash alone and cannot show it again."),
        ("Secret", issued.Text),
        ("Back", ConsolePaths.ApiKeys));
}
