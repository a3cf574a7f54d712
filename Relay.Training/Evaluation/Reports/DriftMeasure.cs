using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Evaluation.Reports;

/// <summary>Compares the columns of held-out rows with those of training, by the population stability index.</summary>
internal static class DriftMeasure
{
    /// <summary>Columns that a card shows one by one.</summary>
    public const int MaxColumns = 50;

    // A bin without rows would have an infinite share in the index.
    private const double Added = 0.5;

    /// <param name="training">Per column; empty where there are no training rows.</param>
    /// <param name="encodings">Per column, the texts that the model knows.</param>
    /// <returns>The columns that drift most, in their order.</returns>
    public static IReadOnlyList<ColumnReport> Compare(
        DataSet heldOut, IReadOnlyList<ColumnProfile> training, IReadOnlyList<FeatureEncoding> encodings) =>
    [
        .. heldOut.Columns.Select(
            (column, i) => (Report: training.Count > 0 ? Compare(column, training[i], encodings[i]) : Describe(column), Place: i))
            .OrderByDescending(c => c.Report.Drift).ThenBy(c => c.Place).Take(MaxColumns)
            .OrderBy(c => c.Place).Select(c => c.Report),
    ];

    /// <summary>The index of the classes; null where one of both sides has none.</summary>
    public static double? FindLabelDrift(IReadOnlyDictionary<string, long> heldOut, IReadOnlyDictionary<string, long> training) =>
        heldOut.Count == 0 || training.Count == 0
            ? null
            : Index([.. heldOut.Keys.Select(k => training.GetValueOrDefault(k))], [.. heldOut.Values]);

    /// <summary>The population stability index: the sum over bins of (q - p) ln(q / p), for shares p
    /// of training rows and q of held-out rows.</summary>
    public static double Index(long[] training, long[] heldOut)
    {
        double trainingRows = training.Sum() + (Added * training.Length);
        double heldOutRows = heldOut.Sum() + (Added * heldOut.Length);
        double index = 0;
        for (int bin = 0; bin < training.Length; bin++)
        {
            double p = (training[bin] + Added) / trainingRows;
            double q = (heldOut[bin] + Added) / heldOutRows;
            index += (q - p) * Math.Log(q / p);
        }

        return index;
    }

    private static ColumnReport Describe(DataColumn column) => new()
    {
        Name = column.Name,
        Type = column is NumberColumn ? ColumnType.Number : ColumnType.Category,
        HeldOut = ColumnProfile.Create(column).Values,
    };

    private static ColumnReport Compare(DataColumn column, ColumnProfile training, FeatureEncoding encoding)
    {
        ColumnReport report = Describe(column);
        long[] rows = training.Count(column);
        return report with
        {
            Train = training.Values,
            Unseen = column is CategoryColumn category && encoding.Categories is { } known ? CountUnseen(category, known) : null,
            Drift = Index([.. training.Rows, training.Values.Missing], [.. rows, report.HeldOut.Missing]),
            Bins =
            [
                .. rows.Select((heldOut, bin) => new ColumnBin(training.Rows[bin], heldOut)
                {
                    Upper = bin < training.Uppers?.Length ? training.Uppers[bin] : null,
                    Text = bin < training.Texts?.Length ? training.Texts[bin] : null,
                }),
            ],
        };
    }

    private static long CountUnseen(CategoryColumn column, IReadOnlyList<string> known)
    {
        HashSet<string> texts = new(known, StringComparer.Ordinal);
        bool[] isUnseen = [.. column.Categories.Select(text => !texts.Contains(text))];
        return column.Codes.LongCount(code => code >= 0 && isUnseen[code]);
    }
}
