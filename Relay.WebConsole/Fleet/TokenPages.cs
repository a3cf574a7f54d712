using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The tokens with which nodes enroll: a list, a form for a new one whose text is shown once, and their end.</summary>
internal static class TokenPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/fleet/tokens", ShowAsync);
        console.MapAction("/fleet/tokens", CreateAsync);
        console.MapAction("/fleet/tokens/{id:long}/revoke", RevokeAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken) =>
        Create(await ReadAsync(request, FilledForm.Empty, cancellationToken));

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, async filled => Create(await ReadAsync(request, filled, cancellationToken)), async () =>
        {
            if (Number(form["uses"].ToString()) is not { } uses || Number(form["days"].ToString()) is not { } days)
            {
                return FormOutcome.Refuse("Uses and days are whole numbers.");
            }

            EnrollmentTokenRequest token = new() { Name = form["name"].ToString().Trim(), Uses = uses, ExpiresInDays = days };
            EnrollmentTokenCreated created = await request.Api.Nodes.CreateTokenAsync(token, cancellationToken);

            // Shown in this answer alone: no address leads back to it.
            return FormOutcome.Show(Create(await ReadAsync(request, FilledForm.Empty, cancellationToken) with { Created = created }));
        });

    private static async Task<ActionResult> RevokeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        long id = request.Id("id");
        await request.Api.Nodes.RevokeTokenAsync(id, cancellationToken);
        return ActionResult.GoTo(
            ConsolePaths.Tokens,
            string.Create(CultureInfo.InvariantCulture, $"Enrollment token {id} is revoked. Nodes that have enrolled with it keep their keys."));
    }

    private static async Task<TokenModel> ReadAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken)
    {
        bool? usable = request.Flag("usable");
        return new TokenModel(
            await request.ReadPageAsync(
                new EnrollmentTokenQuery { Usable = usable }.ToPath(Routes.EnrollmentTokens), RelayApiJson.Default.PageEnrollmentTokenView,
                cancellationToken),
            usable, request.Query("cursor") is not null, form);
    }

    private static int? Number(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static Page Create(TokenModel model) => Page.Create<TokensPage>("Enrollment tokens", Section.Fleet, ("Model", model));
}
