using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>How far the held-out rows are from the training rows.</summary>
internal static class DriftSection
{
    /// <summary>By convention, an index from here on is worth a look, and from <see cref="Large"/> on it is another population.</summary>
    private const double Moderate = 0.1;
    private const double Large = 0.25;

    private const int MaxBars = 20;
    private const int MaxDetails = 3;

    public static IEnumerable<CardSection> Create(ModelCard card)
    {
        ColumnReport[] columns = [.. (card.Evaluation?.Columns ?? []).Where(c => c.Drift is not null).OrderByDescending(c => c.Drift)];
        if (columns.Length == 0)
        {
            yield break;
        }

        string label = card.Evaluation!.LabelDrift is { } drift ? $" Of the label it is {CardText.Figure(drift)}." : "";
        List<CardBlock> blocks =
        [
            new CardBlock.Paragraph(
                "The population stability index of each column: the held-out rows against ten parts of the training rows, and rows without a value. "
                + $"By convention an index above {Moderate} is moderate, one above {Large} is large. With few rows, chance alone makes an index: "
                + $"here about {CardText.Figure(ByChance(columns[0], card))}.{label}"),
            new CardBlock.Figures(
            [
                new BarPlot(
                    columns[0].Drift >= Moderate ? $"Population stability index, with lines at {Moderate} and {Large}" : "Population stability index",
                    $"{CardText.Name(columns[0].Name)} has the largest index, {CardText.Figure(columns[0].Drift)}.",
                    [.. columns.Take(MaxBars).Select(c => (c.Name, c.Drift!.Value))], columns[0].Drift >= Moderate ? [Moderate, Large] : []),
            ]),
            new CardBlock.Table(
                "Columns by drift", ["Column", "Index", "Size"],
                [.. columns.Select(c => new[] { CardText.Name(c.Name), CardText.Figure(c.Drift),
                    c.Drift >= Large ? "large" : c.Drift >= Moderate ? "moderate" : "small" })]),
        ];
        blocks.AddRange(columns.Where(c => c.Drift >= Moderate).Take(MaxDetails).Select(c => Details(c, card)));
        yield return new CardSection("drift", "Drift", blocks);
    }

    // The mean of the index of equal populations, by the chi-squared distribution that it has.
    private static double ByChance(ColumnReport column, ModelCard card) =>
        column.Bins!.Count * ((1.0 / Math.Max(1, card.Train.Rows)) + (1.0 / Math.Max(1, card.Test.Rows)));

    private static CardBlock.Table Details(ColumnReport column, ModelCard card) => new(
        $"Values of {CardText.Name(column.Name)}", ["Values", "Training", "Share", "Held out", "Share"],
        [
            .. column.Bins!.Select(bin => Row(NameOf(column, bin), bin.Train, bin.HeldOut, card)),
            Row("(missing)", column.Train!.Missing, column.HeldOut.Missing, card),
        ]);

    private static string[] Row(string name, long train, long heldOut, ModelCard card) =>
        [name, CardText.Count(train), CardText.Percent(train, card.Train.Rows), CardText.Count(heldOut), CardText.Percent(heldOut, card.Test.Rows)];

    private static string NameOf(ColumnReport column, ColumnBin bin) =>
        bin.Text is { } text ? CardText.Name(text)
        : bin.Upper is { } upper ? $"up to {CardText.Figure(upper)}"
        : column.Type is ColumnType.Number ? "larger numbers" : "(all others)";
}
