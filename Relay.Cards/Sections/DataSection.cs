using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>The rows that the model learned from, and those that it was measured on.</summary>
internal static class DataSection
{
    private const int MaxClasses = 50;

    public static CardSection Create(ModelCard card)
    {
        bool isImport = card.Import is not null;
        List<CardBlock> blocks =
        [
            new CardBlock.Table(
                "Data", ["Use", "Source", "Rows", "Too old", "SHA-256"],
                [Row(isImport ? "imported file" : "training", card.Train), Row("held out", card.Test)]) { AreNumbers = false },
        ];
        string[] warnings = [.. new[] { card.Train, card.Test }.SelectMany(d => d.Warnings ?? []).Distinct(StringComparer.Ordinal)];
        if (warnings.Length > 0)
        {
            blocks.Add(new CardBlock.Paragraph("What is odd about them:"));
            blocks.Add(new CardBlock.Items(warnings));
        }

        if (card.Dataset is { } dataset)
        {
            blocks.AddRange(Dataset(dataset));
        }

        if (card.Test.ClassRows.Count > 0)
        {
            blocks.Add(Classes(card, isImport));
        }

        if (card.Evaluation?.Columns is { Count: > 0 } columns)
        {
            blocks.Add(Columns(columns, card));
            string[] unseen =
            [
                .. columns.Where(c => c.Unseen > 0)
                    .Select(c => $"{CardText.Name(c.Name)}: {CardText.Count(c.Unseen!.Value)} of {CardText.Count(card.Test.Rows)} rows"),
            ];
            if (unseen.Length > 0)
            {
                blocks.Add(new CardBlock.Paragraph("Held-out rows with a text that no training row has, which the model takes as missing:"));
                blocks.Add(new CardBlock.Items(unseen));
            }
        }

        return new CardSection("data", "Data", blocks);
    }

    private static IEnumerable<CardBlock> Dataset(DatasetUse use)
    {
        yield return new CardBlock.Table(
            $"Samples of the dataset {CardText.Name(use.Name)}, up to position {use.Position}",
            ["Seen", "Used", "Without a label", "Contradictory labels", "Of banned nodes", "Outvoted", "Beyond the share of a node", "Nodes"],
            [
                [
                    CardText.Count(use.Rows), CardText.Count(use.Used), CardText.Count(use.Unlabeled), CardText.Count(use.Contradicted),
                    CardText.Count(use.Banned), CardText.Count(use.Outvoted), CardText.Count(use.Capped), CardText.Count(use.Nodes),
                ],
            ]);
        if (use.DissentingNodes is { Count: > 0 } nodes)
        {
            yield return new CardBlock.Paragraph("Nodes of which nothing was taken, because they contradict the others on most of what they share:");
            yield return new CardBlock.Items([.. nodes.Select(CardText.Name)]);
        }
    }

    private static CardBlock.Table Classes(ModelCard card, bool isImport)
    {
        (string Name, long Train, long Test)[] classes =
        [
            .. card.Test.ClassRows.Select(c => (c.Key, card.Train.ClassRows.GetValueOrDefault(c.Key), c.Value))
                .OrderByDescending(c => c.Item2 + c.Value).Take(MaxClasses),
        ];
        return new CardBlock.Table(
            classes.Length < card.Test.ClassRows.Count ? $"The {MaxClasses} largest of {card.Test.ClassRows.Count} classes" : "Rows by class",
            isImport ? ["Class", "Held out", "Share"] : ["Class", "Training", "Share", "Held out", "Share"],
            [
                .. classes.Select(c => (string[])
                [
                    CardText.Name(c.Name), .. isImport ? [] : (string[])[CardText.Count(c.Train), CardText.Percent(c.Train, card.Train.Rows)],
                    CardText.Count(c.Test), CardText.Percent(c.Test, card.Test.Rows),
                ]),
            ]);
    }

    private static CardBlock.Table Columns(IReadOnlyList<ColumnReport> columns, ModelCard card)
    {
        int all = card.Evaluation!.ColumnCount;
        bool hasTraining = columns.Any(c => c.Train is not null);
        return new CardBlock.Table(
            columns.Count < all ? $"The {columns.Count} columns of {all} that differ most between training and held-out rows" : "Columns",
            hasTraining
                ? ["Column", "Type", "Values", "Missing", "Smallest", "Median", "Largest", "Missing, held out", "Median, held out"]
                : ["Column", "Type", "Values", "Missing", "Smallest", "Median", "Largest"],
            [
                .. columns.Select(c => (string[])
                [
                    CardText.Name(c.Name), c.Type is ColumnType.Number ? "number" : "category",
                    .. Values(c.Train ?? c.HeldOut, hasTraining ? card.Train.Rows : card.Test.Rows),
                    .. hasTraining ? [CardText.Percent(c.HeldOut.Missing, card.Test.Rows), CardText.Figure(c.HeldOut.Median)] : (string[])[],
                ]),
            ]);
    }

    private static string[] Values(ColumnValues values, long rows) =>
    [
        values.Distinct is { } distinct ? CardText.Count(distinct) : "many", CardText.Percent(values.Missing, rows),
        CardText.Figure(values.Min), CardText.Figure(values.Median), CardText.Figure(values.Max),
    ];

    private static string[] Row(string use, DataSummary data) =>
    [
        use, CardText.Name(data.Source), data.Rows > 0 ? CardText.Count(data.Rows) : CardText.None, CardText.Count(data.TooOld), data.Sha256,
    ];
}
