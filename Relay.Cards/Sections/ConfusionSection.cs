using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Which classes are taken for which.</summary>
internal static class ConfusionSection
{
    public static CardSection Create(ConfusionMatrix confusion, int classes)
    {
        bool areAll = confusion.Rows.Count == confusion.Classes.Count;
        string[] names = [.. confusion.Classes.Select(CardText.Name), .. areAll ? [] : (string[])["(all others)"]];
        string chosen = areAll ? "" : $" Of {classes} classes it shows the {confusion.Classes.Count} with most errors, and all others as one.";
        return new CardSection("confusion", "Confusion matrix",
        [
            new CardBlock.Paragraph($"Each row has the held-out rows of a class, by the class that the model gave them.{chosen}"),
            new CardBlock.Figures([new MatrixPlot("Confusion matrix", Describe(names, confusion.Rows), names, confusion.Rows)]),
            new CardBlock.Table(
                "Rows by true class and by predicted class", ["true class", .. names.Select(n => $"as {n}")],
                [.. names.Select((name, i) => (string[])[name, .. confusion.Rows[i].Select(CardText.Count)])]),
        ]);
    }

    private static string Describe(string[] names, IReadOnlyList<IReadOnlyList<long>> rows)
    {
        (int truth, int answer) =
            Enumerable.Range(0, rows.Count).SelectMany(t => Enumerable.Range(0, rows.Count).Where(a => a != t).Select(a => (t, a)))
            .MaxBy(pair => rows[pair.t][pair.a]);
        long most = rows[truth][answer];
        return most == 0 || truth == answer
            ? "No held-out row is taken for another class."
            : $"The most frequent error: {CardText.Count(most)} of {CardText.Count(rows[truth].Sum())} rows of {names[truth]} " +
                $"are taken for {names[answer]}.";
    }
}
