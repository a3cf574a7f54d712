using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Models.Specs;

/// <summary>Creates a model from a spec, and changes the spec of a model. The relay reads the text as it was typed.</summary>
internal static class SpecPages
{
    public const string Field = "spec";

    /// <summary>A form may write each byte of the text as three.</summary>
    private const long MaximumBytes = 3L * ModelSpecParser.MaxBytes;

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/new-model", (_, _) => Task.FromResult(ShowNew(FilledForm.Empty)));
        console.MapAction("/new-model", CreateAsync, MaximumBytes);
        console.MapPage("/models/{name}/spec", ShowAsync);
        console.MapAction("/models/{name}/spec", ChangeAsync, MaximumBytes);
    }

    private static Page ShowNew(FilledForm form) =>
        Page.Create<SpecPage>("Create a model", Section.Models, ("Text", form.Value(Field, NewSpec.Text)), ("Form", form));

    private static async Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        try
        {
            ModelView made = await request.SendTextAsync(
                HttpMethod.Post, Routes.Models, form[Field].ToString(), RelayApiJson.Default.ModelView, cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Model(made.Name), $"The model {made.Name} is there. Train its first version.");
        }
        catch (RelayException refused) when (refused.Status is { } status)
        {
            return ActionResult.Show(ShowNew(FilledForm.From(form, refused)) with { Status = (int)status });
        }
    }

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        string name = request.Route("name");
        ModelView model = await request.Api.Models.FindAsync(name, cancellationToken);
        return ShowChange(model, ModelText.Json(model.Spec), FilledForm.Empty);
    }

    private static Page ShowChange(ModelView model, string text, FilledForm form) => Page.Create<SpecPage>(
        $"Spec of {model.Name}", Section.Models, ("Name", model.Name), ("Text", text), ("State", FilledForm.StateOf(model.UpdatedAt)),
        ("Form", form));

    private static async Task<ActionResult> ChangeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string name = request.Route("name");
        string text = form[Field].ToString();
        ModelView model = await request.Api.Models.FindAsync(name, cancellationToken);
        if (FilledForm.IsOutdated(form, model.UpdatedAt))
        {
            FilledForm outdated = FilledForm.From(form, "Somebody changed the model meanwhile. Nothing was changed: compare your text with the "
                + "spec on the page of the model, and send it again if it is to replace that.");
            return ActionResult.Show(ShowChange(model, text, outdated) with { Status = StatusCodes.Status409Conflict });
        }

        try
        {
            await request.SendTextAsync(HttpMethod.Put, Routes.ModelOf(name), text, RelayApiJson.Default.ModelView, cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Model(name), "The spec is changed. The next training run takes it; versions stay as they are.");
        }
        catch (RelayException refused) when (refused.Status is { } status)
        {
            return ActionResult.Show(ShowChange(model, text, FilledForm.From(form, refused)) with { Status = (int)status });
        }
    }
}
