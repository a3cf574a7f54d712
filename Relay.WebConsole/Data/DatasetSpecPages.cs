using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Data;

/// <summary>Creates a dataset from a spec, and changes the spec of a dataset. The relay reads the text as it was typed.</summary>
internal static class DatasetSpecPages
{
    /// <summary>A spec of as many columns as there may be; a form may write each byte of it as three.</summary>
    private const long MaximumBytes = 3 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/new-dataset", (_, _) => Task.FromResult(ShowNew(FilledForm.Empty)));
        console.MapAction("/new-dataset", CreateAsync, MaximumBytes);
        console.MapPage("/data/{name}/spec", ShowAsync);
        console.MapAction("/data/{name}/spec", ChangeAsync, MaximumBytes);
    }

    private static Page ShowNew(FilledForm form) => Page.Create<DatasetSpecPage>(
        "Create a dataset", Section.Data, ("Text", form.Value(SpecForm.Field, NewDatasetSpec.Text)), ("Form", form));

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => Task.FromResult(ShowNew(filled)), async () =>
        {
            DatasetView made = await request.SendTextAsync(
                HttpMethod.Post, Routes.Datasets, form[SpecForm.Field].ToString(), RelayApiJson.Default.DatasetView, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Dataset(made.Name), $"The dataset {made.Name} is there. It takes rows from now on.");
        });

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        DatasetView view = await request.Api.Datasets.FindAsync(request.Route(DataPages.Name), cancellationToken);
        return ShowChange(view, DatasetText.Json(view.Spec), FilledForm.Empty);
    }

    private static Page ShowChange(DatasetView view, string text, FilledForm form) => Page.Create<DatasetSpecPage>(
        $"Spec of {view.Name}", Section.Data, ("Name", view.Name), ("Text", text), ("State", StateOf(view)), ("Form", form));

    private static async Task<ActionResult> ChangeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string name = request.Route(DataPages.Name);
        string text = form[SpecForm.Field].ToString();
        DatasetView view = await request.Api.Datasets.FindAsync(name, cancellationToken);
        return await FormAttempt.RunAsync(form, filled => Task.FromResult(ShowChange(view, text, filled)), async () =>
        {
            if (FilledForm.IsOutdated(form, StateOf(view)))
            {
                return FormOutcome.Outdated("Somebody changed the dataset meanwhile. Nothing was changed: compare your text with the "
                    + "page of the dataset, and send it again if it is to replace that.");
            }

            await request.SendTextAsync(HttpMethod.Put, Routes.DatasetOf(name), text, RelayApiJson.Default.DatasetView, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Dataset(name), "The spec is changed. Rows that are there stay as they are.");
        });
    }

    private static string StateOf(DatasetView view) => FilledForm.StateOf(DatasetText.Json(view.Spec));
}
