using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Quality by the values of the columns that the spec names.</summary>
internal static class FairnessSection
{
    public static IEnumerable<CardSection> Create(ModelCard card)
    {
        if (card.Evaluation?.Fairness is not { Count: > 0 } columns)
        {
            yield break;
        }

        List<CardBlock> blocks =
        [
            new CardBlock.Paragraph(
                "Held-out rows by the values of the columns that the spec names in fairness. Where intervals of 95% do not overlap, " +
                    "groups differ by more than chance; "
                + "where they are wide, there are too few rows to tell."),
        ];
        foreach (FairnessReport report in columns)
        {
            string column = CardText.Name(report.Column);
            blocks.Add(new CardBlock.Table($"Groups of {column}", Headers(report), [.. report.Groups.Select(g => Row(column, g))]));
            if (report.Groups.Any(g => g.Classes is { Count: > 0 }))
            {
                blocks.Add(new CardBlock.Table(
                    $"Classes by groups of {column}", ["Class", column, "Rows", "Recall", "Interval", "False-positive rate", "Interval"],
                    [
                        .. from part in report.Groups
                           from c in part.Classes ?? []
                           select (string[])
                           [
                               CardText.Name(c.Name), NameOf(part), CardText.Count(c.Support), Figure(c.Recall), Interval(c.Recall),
                               Figure(c.FalsePositiveRate),
                               Interval(c.FalsePositiveRate),
                           ],
                    ]));
            }
        }

        yield return new CardSection("fairness", "Fairness", blocks);
    }

    private static string[] Headers(FairnessReport report) =>
    [
        "Group", "Rows",
        .. report.Groups.Any(g => g.Accuracy is not null) ? ["Right answers", "Interval"] : (string[])[],
        .. report.Groups.Any(g => g.Flagged is not null) ? ["Flagged", "Interval"] : (string[])[],
        .. report.Groups.Any(g => g.Mae is not null) ? ["Mean absolute error", "Interval", "Mean error", "Interval"] : (string[])[],
    ];

    private static string[] Row(string column, FairnessGroup group) =>
    [
        $"{column}: {NameOf(group)}", CardText.Count(group.Rows), .. Cells(group.Accuracy), .. Cells(group.Flagged),
        .. Cells(group.Mae), .. Cells(group.Bias),
    ];

    private static string[] Cells(GroupRate? rate) => rate is null ? [] : [Figure(rate), Interval(rate)];

    private static string NameOf(FairnessGroup group) =>
        group.IsMissing ? "(missing)" : group.Value is { } value ? CardText.Name(value) : "(all others)";

    private static string Figure(GroupRate? rate) => CardText.Figure(rate?.Figure);

    private static string Interval(GroupRate? rate) => rate is null ? CardText.None : CardText.Interval(rate.Low, rate.High);
}
