using Shared.Contracts.Models;

namespace Shared.Scoring;

/// <summary>Rows like those to come, to measure on: each value is one that the same column has in some golden row. More of them than golden
/// rows, since a processor learns a few rows by heart.</summary>
internal sealed record SampleRows(int Count, float[] Numbers, string[] Categories)
{
    private const int Rows = 256;

    public static SampleRows Of(GoldenVectors golden)
    {
        // The same rows each time: a measurement to compare with the last one.
        Random random = new(1);
        return new SampleRows(
            Rows,
            [.. Enumerable.Range(0, Rows).SelectMany(_ => Mix(golden.Numbers, random)).Select(n => n ?? float.NaN)],
            [.. Enumerable.Range(0, Rows).SelectMany(_ => Mix(golden.Categories, random))]);
    }

    private static IEnumerable<T> Mix<T>(IReadOnlyList<IReadOnlyList<T>> rows, Random random) =>
        Enumerable.Range(0, rows[0].Count).Select(column => rows[random.Next(rows.Count)][column]);
}
