using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Details;

/// <summary>The page of a model, its aliases, and whether it is archived.</summary>
internal static class ModelPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/models/{name}", async (request, cancellationToken) =>
            await ShowAsync(request, FilledForm.Empty, cancellationToken) with { IsLive = true });
        console.MapAction("/models/{name}/archive", ArchiveAsync);
        console.MapAction("/models/{name}/restore", RestoreAsync);
        console.MapAction("/models/{name}/aliases", SetAliasAsync);
        console.MapAction("/models/{name}/aliases/{alias}/delete", DeleteAliasAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request, FilledForm alias, CancellationToken cancellationToken) => Page.Create<ModelPage>(
        request.Route("name"), Section.Models, ("Details", await ModelDetails.ReadAsync(request, cancellationToken)), ("AliasForm", alias));

    private static async Task<ActionResult> ArchiveAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        ModelView model = await request.Api.Models.ArchiveAsync(request.Route("name"), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Model(model.Name), $"{model.Name} is archived: it takes no training and no release.");
    }

    private static async Task<ActionResult> RestoreAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        ModelView model = await request.Api.Models.RestoreAsync(request.Route("name"), cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Model(model.Name), $"{model.Name} is restored.");
    }

    private static Task<ActionResult> SetAliasAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ShowAsync(request, filled, cancellationToken), async () =>
        {
            string name = request.Route("name");
            string alias = form["alias"].ToString().Trim();
            if (!int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out int version) || alias.Length == 0)
            {
                return FormOutcome.Refuse("Give a name, such as champion, and the number of a version.");
            }

            AliasView set = await request.Api.Aliases.SetAsync(name, alias, new AliasRequest(version), cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Model(name), $"{set.Alias} is version {set.Version} now.");
        });

    private static async Task<ActionResult> DeleteAliasAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        (string name, string alias) = (request.Route("name"), request.Route("alias"));
        await request.Api.Aliases.DeleteAsync(name, alias, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Model(name), $"The alias {alias} is gone. Its history stays.");
    }
}
