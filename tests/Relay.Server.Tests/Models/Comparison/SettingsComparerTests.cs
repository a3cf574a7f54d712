using Relay.Server.Models.Comparison;
using Relay.Server.Tests.Cards;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Models.Comparison;

public sealed class SettingsComparerTests
{
    private static readonly ModelCard Second = TestCards.Classifier("x");
    private static readonly ModelCard First = Second with { Version = 1 };

    [Fact]
    public void Compare_OtherSettings_NamesEachByItsPath()
    {
        ModelCard other = First with
        {
            Spec = First.Spec with
            {
                Algorithm = ModelAlgorithm.GradientBoosting,
                Parameters = new() { Trees = 9 },
                TwoPeople = true,
                Gates = new Dictionary<string, GateBounds> { ["parity"] = new() },
            },
            Training = First.Training! with { EngineVersion = "2", Incumbent = new("traffic", 0, "ff") },
            Tuning = null,
        };

        IReadOnlyList<SettingComparison> found = SettingsComparer.Compare(
            Second with { Tuning = Second.Tuning! with { Parameters = new() { Depth = 4 } } }, other);

        Assert.Equal(
            [
                new("algorithm", "\"random-forest\"", "\"gradient-boosting\""), new("tuning.parameters.depth", "4", null),
                new("training.engineVersion", "\"x\"", "\"2\""), new("parameters.trees", null, "9"),
            ],
            found);
    }

    [Fact]
    public void Compare_OtherParametersOfABudget_NamesThem()
    {
        BudgetSummary budget = new()
        {
            Figure = "macroF1",
            Folds = 3,
            Models = 9,
            Full = new(9000, 0.91),
            Chosen = new(1000, 0.8),
            Parameters = new() { Trees = 4 },
        };

        SettingComparison found = Assert.Single(SettingsComparer.Compare(
            Second with { Budget = budget }, First with { Budget = budget with { Parameters = new() { Trees = 5 } } }));

        Assert.Equal(new("budget.parameters.trees", "4", "5"), found);
    }
}
