using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>Which inputs the model uses.</summary>
internal static class ImportanceSection
{
    private const int MaxBars = 20;
    private const int MaxRows = 100;

    public static CardSection Create(IReadOnlyList<FeatureImportance> importance)
    {
        FeatureImportance[] drawn = [.. importance.Where(i => i.Share > 0).Take(MaxBars)];
        int unused = importance.Count(i => i.Share <= 0);
        string first = drawn.Length > 0
            ? $"{CardText.Name(drawn[0].Name)} has the largest share, {CardText.Figure(drawn[0].Share)}."
            : "No input is used.";
        return new CardSection("importance", "Importance of inputs",
        [
            new CardBlock.Paragraph($"The share of each input in the gain of all splits. {unused} of {importance.Count} inputs are not used."),
            new CardBlock.Figures([new BarPlot("Share of the gain", first, [.. drawn.Select(i => (i.Name, i.Share))], [])]),
            new CardBlock.Table(
                importance.Count <= MaxRows
                    ? "Inputs by importance"
                    : $"The {MaxRows} most important of {importance.Count} inputs",
                ["Input", "Share"],
                [.. importance.Take(MaxRows).Select(i => new[] { CardText.Name(i.Name), CardText.Figure(i.Share) })]),
        ]);
    }
}
