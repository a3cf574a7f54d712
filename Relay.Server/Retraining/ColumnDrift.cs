using System.Globalization;
using Shared.Contracts.Models;

namespace Relay.Server.Retraining;

/// <summary>The population stability index of one column: 0 for two samples alike, and above 0.25 for what is usually called another population.
/// Pure.</summary>
internal static class ColumnDrift
{
    private const int Bins = 10;
    private const int Texts = 50;

    /// <summary>A bin that a side does not have counts as half a row: its logarithm would be infinite.</summary>
    private const double Empty = 0.5;

    private const string Missing = "";
    private const string Other = "\0";

    /// <param name="before">Cells as texts; empty is a missing value.</param>
    public static double Measure(ColumnType type, IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return 0;
        }

        Func<string, string> bin = type is ColumnType.Number ? NumberBins(before) : TextBins(before);
        Dictionary<string, int> reference = before.CountBy(bin).ToDictionary();
        Dictionary<string, int> recent = after.CountBy(bin).ToDictionary();
        double sum = 0;
        foreach (string key in reference.Keys.Union(recent.Keys))
        {
            double p = Share(reference.GetValueOrDefault(key), before.Count);
            double q = Share(recent.GetValueOrDefault(key), after.Count);
            sum += (q - p) * Math.Log(q / p);
        }

        return sum;
    }

    private static double Share(int rows, int all) => Math.Max(rows, Empty) / all;

    private static Func<string, string> NumberBins(IReadOnlyList<string> before)
    {
        double[] sorted = [.. before.Where(cell => cell != Missing).Select(Parse).Order()];
        double[] edges = [.. Enumerable.Range(1, Bins - 1).Where(_ => sorted.Length > 0).Select(i => sorted[sorted.Length * i / Bins]).Distinct()];
        return cell => cell == Missing ? Missing : edges.Count(edge => Parse(cell) >= edge).ToString(CultureInfo.InvariantCulture);
    }

    private static Func<string, string> TextBins(IReadOnlyList<string> before)
    {
        HashSet<string> known = before.CountBy(cell => cell).OrderByDescending(count => count.Value)
            .ThenBy(count => count.Key, StringComparer.Ordinal).Take(Texts).Select(count => count.Key).ToHashSet(StringComparer.Ordinal);
        return cell => known.Contains(cell) || cell == Missing ? cell : Other;
    }

    private static double Parse(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
