using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Precision and recall of each class.</summary>
internal static class ClassSection
{
    private const int MaxRows = 50;

    public static CardSection Create(ClassificationMetrics metrics)
    {
        bool areAll = metrics.Classes.Count <= MaxRows;
        IEnumerable<ClassMetrics> shown = areAll ? metrics.Classes : metrics.Classes.OrderBy(c => c.Recall).Take(MaxRows);
        return new CardSection("classes", "Quality by class",
        [
            new CardBlock.Table(
                areAll ? "Classes on held-out rows" : $"The {MaxRows} classes of {metrics.Classes.Count} with the lowest recall",
                ["Class", "Rows", "Precision", "Recall", "F1", "False-positive rate"],
                [
                    .. shown.Select(c => new[]
                    {
                        CardText.Name(c.Name), CardText.Count(c.Support), CardText.Figure(c.Precision),
                        CardText.Figure(c.Recall), CardText.Figure(c.F1),
                        CardText.Figure(c.FalsePositiveRate),
                    }),
                ]),
        ]);
    }
}
