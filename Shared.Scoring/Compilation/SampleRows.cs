using Shared.Contracts.Models;
using Shared.Scoring.Graph;

namespace Shared.Scoring.Compilation;

/// <summary>Rows to measure kernels on: each value is one that the same column has in some golden row. There are more of them than golden
/// rows, because a branch predictor adapts to a few rows that repeat and the measurement would flatter branching kernels.</summary>
internal sealed record SampleRows(int Count, float[] Numbers, string[] Categories)
{
    private const int Rows = 256;

    public static SampleRows FromGolden(GoldenVectors golden)
    {
        // A fixed seed: measurements can be compared with earlier ones.
        Random random = new(1);
        return new SampleRows(
            Rows,
            [.. Enumerable.Range(0, Rows).SelectMany(_ => DrawRow(golden.Numbers, random)).Select(n => n ?? float.NaN)],
            [.. Enumerable.Range(0, Rows).SelectMany(_ => DrawRow(golden.Categories, random))]);
    }

    private static IEnumerable<T> DrawRow<T>(IReadOnlyList<IReadOnlyList<T>> rows, Random random) =>
        Enumerable.Range(0, rows[0].Count).Select(column => rows[random.Next(rows.Count)][column]);
}
