using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
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
        Create(await ReadAsync(request, new TokenForm(), cancellationToken));

    private static async Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        TokenForm entered = TokenForm.Read(form);
        TokenModel model;
        if (entered.ToRequest() is not { } token)
        {
            model = await ReadAsync(request, entered with { Problem = "Uses and days are whole numbers." }, cancellationToken);
            return ActionResult.Show(Create(model) with { Status = StatusCodes.Status400BadRequest });
        }

        try
        {
            EnrollmentTokenCreated created = await request.Api.Nodes.CreateTokenAsync(token, cancellationToken);

            // Shown in this answer alone: no address leads back to it.
            return ActionResult.Show(Create(await ReadAsync(request, new TokenForm(), cancellationToken) with { Created = created }));
        }
        catch (RelayException refused) when (refused.IsCorrectable())
        {
            model = await ReadAsync(request, entered with { Problem = refused.Message }, cancellationToken);
            return ActionResult.Show(Create(model) with { Status = StatusCodes.Status400BadRequest });
        }
    }

    private static async Task<ActionResult> RevokeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        long id = request.Id("id");
        await request.Api.Nodes.RevokeTokenAsync(id, cancellationToken);
        return ActionResult.GoTo(
            ConsolePaths.Tokens,
            string.Create(CultureInfo.InvariantCulture, $"Enrollment token {id} is revoked. Nodes that have enrolled with it keep their keys."));
    }

    private static async Task<TokenModel> ReadAsync(PageRequest request, TokenForm form, CancellationToken cancellationToken)
    {
        bool? usable = request.Flag("usable");
        return new TokenModel(
            await request.ReadPageAsync(
                new EnrollmentTokenQuery { Usable = usable }.ToPath(Routes.EnrollmentTokens), RelayApiJson.Default.PageEnrollmentTokenView,
                cancellationToken),
            usable, request.Query("cursor") is not null, form);
    }

    private static Page Create(TokenModel model) => Page.Create<TokensPage>("Enrollment tokens", Section.Fleet, ("Model", model));
}
