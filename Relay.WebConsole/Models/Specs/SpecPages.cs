using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Models.Specs;

/// <summary>Creates a model from a spec, and changes the spec of a model. The relay reads the text as it was typed.</summary>
internal static class SpecPages
{
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
        Page.Create<SpecPage>("Create a model", Section.Models, ("Text", form.Value(SpecForm.Field, NewSpec.Text)), ("Form", form));

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => Task.FromResult(ShowNew(filled)), async () =>
        {
            ModelView made = await request.SendTextAsync(
                HttpMethod.Post, Routes.Models, form[SpecForm.Field].ToString(), RelayApiJson.Default.ModelView, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Model(made.Name), $"The model {made.Name} is there. Train its first version.");
        });

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        string name = request.Route("name");
        ModelView model = await request.Api.Models.FindAsync(name, cancellationToken);
        return ShowChange(model, ModelText.Json(model.Spec), FilledForm.Empty);
    }

    private static Page ShowChange(ModelView model, string text, FilledForm form) => Page.Create<SpecPage>(
        $"Spec of {model.Name}", Section.Models, ("Name", model.Name), ("Text", text), ("State", StateOf(model)),
        ("Form", form));

    private static async Task<ActionResult> ChangeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string name = request.Route("name");
        string text = form[SpecForm.Field].ToString();
        ModelView view = await request.Api.Models.FindAsync(name, cancellationToken);
        return await FormAttempt.RunAsync(form, filled => Task.FromResult(ShowChange(view, text, filled)), async () =>
        {
            if (FilledForm.IsOutdated(form, StateOf(view)))
            {
                return FormOutcome.Outdated("Somebody changed the model meanwhile. Nothing was changed: compare your text with the "
                    + "page of the model, and send it again if it is to replace that.");
            }

            await request.SendTextAsync(HttpMethod.Put, Routes.ModelOf(name), text, RelayApiJson.Default.ModelView, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Model(name), "The spec is changed. The next training run takes it; versions stay as they are.");
        });
    }

    private static string StateOf(ModelView view) => FilledForm.StateOf(view.UpdatedAt);
}
