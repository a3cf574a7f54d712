using Relay.Training.Data.Tables;
using Relay.Training.Models;
using Shared.Contracts.Models;

namespace Relay.Training.Packaging;

/// <summary>Rows at the edges, which data rarely hold: only required values, numbers exactly on a threshold, zeros of both signs, the largest
/// numbers, texts that training never saw, and
/// texts that are looked up.</summary>
internal static class EdgeRows
{
    private const int OnThreshold = 8;

    /// <param name="template">The row whose cells an edge row keeps unless it changes them.</param>
    public static void Add(GoldenRowBuilder rows, IReadOnlyList<DataColumn> columns, int template, FittedModel model)
    {
        IReadOnlyList<ColumnSpec> inputs = model.Schema.Inputs;
        if (!inputs.All(i => i.Required))
        {
            rows.Add(i => inputs[i].Required ? Number(i) : float.NaN, i => inputs[i].Required ? Text(i) : "");
        }

        AddNumbers(float.MaxValue);
        AddNumbers(float.MinValue);
        AddNumbers(0f);
        AddNumbers(-0f);
        if (columns.Any(c => c is CategoryColumn))
        {
            rows.Add(Number, i => Unseen(rows.Encodings[i].Categories!));
        }

        foreach (int i in Enumerable.Range(0, columns.Count).Where(i => model.Encodings[i] is { IsLookup: true, Categories.Count: > 0 }))
        {
            rows.Add(Number, other => other == i ? model.Encodings[i].Categories![0] : Text(other));
            rows.Add(Number, other => other == i ? model.Encodings[i].Categories![^1] : Text(other));
        }

        foreach ((int feature, float threshold) in Thresholds(model))
        {
            rows.Add(i => i == feature ? threshold : Number(i), Text);
            rows.Add(i => i == feature ? MathF.BitIncrement(threshold) : Number(i), Text);
        }

        void AddNumbers(float value) => rows.Add(_ => value, Text);
        float Number(int i) => GoldenRowBuilder.NumberAt(columns[i], template);
        string Text(int i) => GoldenRowBuilder.TextAt(columns[i], template);
    }

    private static IEnumerable<(int Feature, float Threshold)> Thresholds(FittedModel model) =>
        model.Thresholds(OnThreshold).Where(t =>
            model.Encodings[t.Feature].Categories is null
            && float.IsFinite(t.Threshold) && float.IsFinite(MathF.BitIncrement(t.Threshold)));

    private static string Unseen(IReadOnlyList<string> categories)
    {
        string text = "unseen";
        while (categories.Contains(text, StringComparer.Ordinal))
        {
            text += "-";
        }

        return text;
    }
}
