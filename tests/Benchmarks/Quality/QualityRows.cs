using System.Globalization;

namespace Benchmarks.Quality;

/// <summary>The rows of a set for one side beside another.</summary>
internal static class QualityRows
{
    public static IEnumerable<BenchRow> Compare(QualitySet set, PairedBootstrap bootstrap, string ours, string peer, bool hasPeer, QualityTally tally)
    {
        foreach ((string name, bool isHigherBetter, Func<QualityFigures, double> value) in QualityFigures.All)
        {
            string id = $"quality.{set.Id}.{ours}.{name}.vs-{peer}";
            double own = value(bootstrap.Point(ours));
            double? other = hasPeer ? value(bootstrap.Point(peer)) : null;
            string note = $"{peer} is not installed";
            if (other is { } figure)
            {
                (double low, double high) = bootstrap.Interval(ours, peer, value);
                Verdict verdict = Judge(low, high, isHigherBetter);
                tally.Add(ours, peer, name, verdict);
                note = string.Create(
                    CultureInfo.InvariantCulture,
                    $"difference {own - figure:+0.0000;-0.0000;0.0000} [{low:+0.0000;-0.0000;0.0000}, {high:+0.0000;-0.0000;0.0000}] " +
                        $"{verdict}; {set.Tested.Length} rows");
            }

            yield return isHigherBetter
                ? BenchRow.HigherIsBetter(id, own, other, name, note)
                : BenchRow.LowerIsBetter(id, own, other, name, note);
        }
    }

    private static Verdict Judge(double low, double high, bool isHigherBetter) =>
        low > 0 ? isHigherBetter ? Verdict.Better : Verdict.Worse
        : high < 0 ? isHigherBetter ? Verdict.Worse : Verdict.Better
        : Verdict.Level;
}
