using System.Globalization;
using Relay.Cards.Plots;
using Relay.WebConsole.Components;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Training;

/// <summary>Curves of training runs as pictures and words.</summary>
internal static class RunCurvePlot
{
    /// <summary>The validation losses of one or more runs; those without one are left out.</summary>
    public static string DrawLosses(IReadOnlyList<(string Name, TrainingCurve Curve)> curves)
    {
        PlotSeries[] series = [.. curves.Where(named => named.Curve.HasLoss).Select(named => Series(named.Name, named.Curve))];
        return new LinePlot(
            "Validation loss",
            string.Join(" ", curves.Where(named => named.Curve.HasLoss).Select(named => $"{named.Name}: {Describe(named.Curve)}")),
            PlotAxis.Around("iterations", series.SelectMany(line => line.Points).Select(point => point.X)),
            PlotAxis.Around("validation loss", series.SelectMany(line => line.Points).Select(point => point.Y)), series).ToSvg("loss");
    }

    /// <summary>How many trees were done when.</summary>
    public static string DrawTrees(TrainingCurve curve)
    {
        PlotSeries trees = new("trees", [.. curve.Points.Select(point => (point.Seconds, (double)point.Iteration))]);
        return new LinePlot(
            "Trees done", Describe(curve), PlotAxis.Around("seconds", trees.Points.Select(point => point.X)),
            PlotAxis.Around("trees", trees.Points.Select(point => point.Y)), [trees]).ToSvg("trees");
    }

    /// <summary>The curve in a sentence or two.</summary>
    public static string Describe(TrainingCurve curve)
    {
        TrainingCurvePoint last = curve.Points[^1];
        string asked = curve.Total is { } total ? $" of {NumberText.Count(total)}" : "";
        string unit = curve.HasLoss ? "iterations" : "trees";
        string done = $"{NumberText.Count(last.Iteration)}{asked} {unit} in {SecondsOf(last)} s.";
        return curve.Points.Where(point => point.ValidationLoss is not null).MinBy(point => point.ValidationLoss) is not { } best
            ? done
            : FormattableString.Invariant($"{done} The loss is lowest after iteration {best.Iteration:N0}: {best.ValidationLoss:0.#####}.")
                + (curve.Kept is { } kept ? $" Early stopping keeps {NumberText.Count(kept)}." : "");
    }

    public static string SecondsOf(TrainingCurvePoint point) =>
        point.Seconds.ToString(point.Seconds < 10 ? "0.###" : "0.0", CultureInfo.InvariantCulture);

    private static PlotSeries Series(string name, TrainingCurve curve)
    {
        (double X, double Y)[] points =
        [
            .. from point in curve.Points
               where point.ValidationLoss is not null
               select ((double)point.Iteration, point.ValidationLoss!.Value),
        ];
        return new(name, points)
        {
            HasDots = points.Length == 1,
            Marked = curve.Kept is { } kept ? points.LastOrDefault(point => point.X <= kept, points[0]) : null,
        };
    }
}
