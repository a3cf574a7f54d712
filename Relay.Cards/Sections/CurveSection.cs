using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>ROC and precision-recall curves.</summary>
internal static class CurveSection
{
    public static CardSection Create(IReadOnlyList<ClassCurve> curves, int classes)
    {
        // Of two classes, one curve is the other one from behind.
        ClassCurve[] drawn = [.. curves.OrderBy(c => c.Auc).Take(Plot.MaxSeries).OrderBy(c => curves.ToList().IndexOf(c))];
        string chosen = drawn.Length < curves.Count ? $" The {drawn.Length} classes with the lowest area are drawn." : "";
        string listed = curves.Count < classes && classes > 2 ? $" The table has {curves.Count} of {classes} classes." : "";
        ClassCurve worst = curves.MinBy(c => c.Auc)!;
        string area = $"The lowest area under a ROC curve is {CardText.Figure(worst.Auc)}, of {CardText.Name(worst.Name)}.";
        ClassCurve hardest = curves.MinBy(c => c.AveragePrecision)!;
        string precision = $"The lowest average precision is {CardText.Figure(hardest.AveragePrecision)}, of {CardText.Name(hardest.Name)}.";
        return new CardSection("curves", "ROC and precision-recall",
        [
            new CardBlock.Paragraph($"Each class against all others, over all thresholds of its number.{chosen}{listed}"),
            new CardBlock.Figures(
            [
                new LinePlot(
                    "ROC curves", area, PlotAxis.Share("false-positive rate"), PlotAxis.Share("recall (true-positive rate)"),
                    [.. drawn.Select(c => new PlotSeries(c.Name,
                        [(0, 0), .. Points(c).Select(p => (p.Fp / (double)c.Negatives, p.Tp / (double)c.Positives))]))])
                {
                    HasDiagonal = true,
                },
                new LinePlot(
                    "Precision-recall curves", precision, PlotAxis.Share("recall"), PlotAxis.Share("precision"),
                    [.. drawn.Select(c => new PlotSeries(c.Name,
                        [.. Points(c).Select(p => (p.Tp / (double)c.Positives, p.Tp / (double)(p.Tp + p.Fp)))]))]),
            ]),
            new CardBlock.Table(
                "Areas under the curves", ["Class", "Rows", "Other rows", "Area under ROC", "Average precision", "Recall at 1% false positives"],
                [
                    .. curves.Select(c => new[]
                    {
                        CardText.Name(c.Name), CardText.Count(c.Positives), CardText.Count(c.Negatives), CardText.Figure(c.Auc),
                        CardText.Figure(c.AveragePrecision),
                        CardText.Figure(
                            Points(c).Where(p => p.Fp <= 0.01 * c.Negatives).Select(p => p.Tp / (double)c.Positives).DefaultIfEmpty(0).Max()),
                    }),
                ]),
        ]);
    }

    private static IEnumerable<(long Tp, long Fp)> Points(ClassCurve curve) => curve.TruePositives.Zip(curve.FalsePositives);
}
