using Relay.Cards;
using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cards;

/// <summary>Size against quality in a card.</summary>
public sealed class FrontierSectionTests
{
    [Fact]
    public void Frontier_OfABudget_ShowsTheFullModelThisVersionAndWhatIsLost()
    {
        FrontierPoint full = new(90_000, 0.95) { Trees = 100, Loss = 0, Interval = new(0, 0), Microseconds = 9, Parameters = new(), IsFull = true };
        FrontierPoint chosen = new(4000, 0.947)
        {
            Trees = 3,
            Loss = 0.3,
            Interval = new(-0.1, 0.7),
            Microseconds = 1.5,
            Parameters = new() { Leaves = 12, Features = ["a", "b"] },
            IsChosen = true,
        };
        ModelCard card = TestCards.Classifier("class");
        card = card with
        {
            SizeBytes = 4000,
            Spec = card.Spec with { Budget = new BudgetSpec { MaxQualityLoss = 0.5 } },
            Frontier = [full, chosen, new(5000, 0.94) { Trees = 4, Loss = 1, Interval = new(0, 2), Parameters = new() }],
            Budget = new BudgetSummary
            {
                Figure = "macroF1",
                Folds = 3,
                Models = 321,
                Full = full,
                Chosen = chosen,
                Parameters = new() { Leaves = 12 },
            },
        };

        string markdown = CardRenderer.Render(card, null, CardFormat.Markdown);
        string html = Html(card);

        Assert.Contains("| 4,000 | 0.947 | 0.3 | -0.1 to 0.7 | 1.5 | 3 | – | 12 | 2 | this version |", markdown, StringComparison.Ordinal);
        Assert.Contains("| 90,000 | 0.95 | 0 | 0 to 0 | 9 | 100 | – | – | all | full model |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("| 5,000 |", markdown, StringComparison.Ordinal);
        Assert.Contains(
            "The budget is 0.5 points lost. Of 321 models the search chose one of 4,000 bytes, 4.4% of the 90,000 bytes", markdown,
            StringComparison.Ordinal);
        Assert.Contains("others", html, StringComparison.Ordinal);
        Assert.Equal(1, html.Split("r=\"7\"").Length - 1);
    }

    [Fact]
    public void Card_WithoutAFrontier_HasNoSectionForIt()
    {
        Assert.DoesNotContain("Size against quality", Html(TestCards.Imported()), StringComparison.Ordinal);
        Assert.Contains("Size against quality", Html(TestCards.Classifier("class")), StringComparison.Ordinal);
    }

    [Fact]
    public void Axis_OfFactors_PlacesEachFactorAlikeAndHasRoundTicks()
    {
        PlotAxis axis = PlotAxis.AroundFactors("kilobytes", [1, 10, 1000]);

        Assert.Equal(2 * (axis.Place(10, 0, 1) - axis.Place(1, 0, 1)), axis.Place(1000, 0, 1) - axis.Place(10, 0, 1), 1e-9);
        Assert.Equal([1, 10, 100, 1000], axis.Ticks().Select(tick => Math.Round(tick, 9)));
        Assert.Equal([2, 5, 10], PlotAxis.AroundFactors("kilobytes", [2, 11]).Ticks().Select(tick => Math.Round(tick, 9)));
    }

    private static string Html(ModelCard card) => CardRenderer.Render(card, null, CardFormat.Html);
}
