using System.Globalization;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>Runs beside each other, with what came of them.</summary>
internal static class RunComparison
{
    /// <summary>More columns cannot be read.</summary>
    private const int MaximumRuns = 6;

    public static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        List<(TrainingRun Run, VersionDetail? Version)> compared = [];
        List<(string Name, TrainingCurve Curve)> curves = [];
        foreach (long id in request.Context.Request.Query["run"].Select(Parse).OfType<long>().Distinct().Take(MaximumRuns))
        {
            TrainingRun run = await request.Api.TrainingRuns.FindAsync(id, cancellationToken);
            compared.Add((run, await RunModel.FindVersionAsync(request, run, cancellationToken)));
            curves.Add((FormattableString.Invariant($"run {id}"), await request.Api.TrainingRuns.FindCurveAsync(id, cancellationToken)));
        }

        return Page.Create<RunComparisonPage>(
            "Compare runs", Section.Training,
            ("Runs", compared), ("Curves", curves.Where(named => named.Curve.HasLoss).ToArray()));
    }

    private static long? Parse(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : null;
}
