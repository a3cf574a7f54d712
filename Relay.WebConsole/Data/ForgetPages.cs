using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Data;

/// <summary>Deletes rows of a dataset by their ids, or all that a source sent, and says what is left of them.</summary>
internal static class ForgetPages
{
    public const string Ids = "ids";
    public const string Source = "source";

    /// <summary>As many ids as the API takes at once, each as long as it may be.</summary>
    private const long MaximumBytes = 2 * 1024 * 1024;

    private static readonly char[] Separators = ['\n', '\r', ',', ';', ' ', '\t'];

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/data/{name}/forget", async (request, token) =>
            Show(await FindAsync(request, token), FilledForm.Empty with { Values = Start(request.Query(Source)) }));
        console.MapAction(
            "/data/{name}/forget",
            (request, form, token) => ForgetAsync(request, form, new ForgetRequest(Split(form[Ids].ToString())), token),
            MaximumBytes);
        console.MapAction(
            "/data/{name}/forget-source",
            (request, form, token) => ForgetAsync(request, form, new ForgetRequest([]) { Source = form[Source].ToString().Trim() }, token));
    }

    private static Task<ActionResult> ForgetAsync(
        PageRequest request, IFormCollection form, ForgetRequest forget, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, async filled => Show(await FindAsync(request, cancellationToken), filled), async () =>
        {
            string name = request.Route(DataPages.Name);
            ForgetReport report = await request.Api.Datasets.ForgetAsync(name, forget, cancellationToken);
            string text = Describe(report, forget.Source);

            // With what was typed: to send it again tells how it stands.
            return report.Purged
                ? FormOutcome.GoTo(ConsolePaths.Dataset(name), text)
                : FormOutcome.Show(Show(await FindAsync(request, cancellationToken), FilledForm.From(form), text));
        });

    private static string Describe(ForgetReport report, string? source)
    {
        string removed = source is null
            ? FormattableString.Invariant($"Forgotten ids: {report.Forgotten:N0}. Unknown ids: {report.Unknown:N0}; they are not taken later either")
                + (report.NeverThere > 0 ? FormattableString.Invariant($" ({report.NeverThere:N0} may be misspelled).") : ".")
            : FormattableString.Invariant($"Deleted rows and labels of {source}: {report.Forgotten:N0}.");
        return removed + (report.Purged
            ? " No byte of them is left in the files of the relay."
            : " Bytes of them are still in files of the relay: an export, an upload, a backup or a training run that began earlier has a copy, "
                + "or the disk has no room to write the dataset anew. Send the same again to see how it stands; the relay tries each hour.");
    }

    private static Task<DatasetView> FindAsync(PageRequest request, CancellationToken cancellationToken) =>
        request.Api.Datasets.FindAsync(request.Route(DataPages.Name), cancellationToken);

    private static Page Show(DatasetView view, FilledForm form, string? report = null) => Page.Create<ForgetPage>(
        $"Forget rows of {view.Name}", Section.Data, ("View", view), ("Form", form), ("Report", report));

    private static string[] Split(string text) =>
        text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Dictionary<string, string> Start(string? source) => source is null ? [] : new() { [Source] = source };
}
