using Relay.Training.Data.Reading;
using Relay.Training.Federated;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Federated;

/// <summary>What owners cannot train, by the rules of rounds: the parser of specs refuses some of it for reasons of its own.</summary>
public sealed class RoundSpecRulesTests
{
    private static readonly ModelSpec Boosting = ModelSpecParser.Parse("""
        { "name": "traffic", "task": "classification", "algorithm": "gradient-boosting", "label": { "benign": "good" },
          "columns": [ { "name": "bytes", "type": "number" }, { "name": "protocol", "type": "category" }, { "name": "verdict", "type": "label" } ] }
        """);

    private static readonly ShardAgreement Agreement =
        new(["bad", "good"], new Dictionary<string, IReadOnlyList<string>> { ["protocol"] = ["tcp"] }, MinimumRows: 10);

    private static readonly (string What, ModelSpec Spec)[] Refused =
    [
        ("engine xgboost", Boosting with { Engine = "xgboost" }),
        ("engine mlnet", Boosting with { Engine = "mlnet" }),
        ("algorithm IsolationForest", Boosting with { Algorithm = ModelAlgorithm.IsolationForest, Task = ModelTask.AnomalyDetection }),
        ("a forest for numbers", Boosting with { Algorithm = ModelAlgorithm.RandomForest, Task = ModelTask.Regression }),
        ("tune", Boosting with { Tune = new TuneSpec { Candidates = 2 } }),
        ("budget", Boosting with { Budget = new BudgetSpec { MaxBytes = 100_000 } }),
        ("scale", Boosting with { Parameters = new ModelParameters { Scale = true } }),
        ("features", Boosting with { Parameters = new ModelParameters { Features = ["bytes"] } }),
        ("counted or looked up", WithEncoding(CategoryEncoding.Count)),
        ("counted or looked up", WithEncoding(CategoryEncoding.Lookup)),
    ];

    [Fact]
    public void FindError_SpecThatNeedsMoreThanSums_NamesWhat() => Assert.All(
        Refused, refused => Assert.Contains(refused.What, RoundSpecRules.FindError(refused.Spec, Agreement), StringComparison.Ordinal));

    [Fact]
    public void FindError_TextsThatAreNotNamed_NamesTheMember()
    {
        Assert.Contains("'labels'", RoundSpecRules.FindError(Boosting, Agreement with { Labels = [] }), StringComparison.Ordinal);
        Assert.Contains(
            "'categories'", RoundSpecRules.FindError(Boosting, Agreement with { Categories = new Dictionary<string, IReadOnlyList<string>>() }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, null)]
    [InlineData(ModelAlgorithm.RandomForest, CategoryEncoding.Frequency)]
    [InlineData(ModelAlgorithm.GradientBoosting, CategoryEncoding.Target)]
    public void FindError_SpecThatSumsSufficeFor_None(ModelAlgorithm algorithm, CategoryEncoding? encoding) =>
        Assert.Null(RoundSpecRules.FindError(WithEncoding(encoding) with { Algorithm = algorithm }, Agreement));

    private static ModelSpec WithEncoding(CategoryEncoding? encoding) => Boosting with
    {
        Columns = [.. Boosting.Columns.Select(column => column.Name == "protocol" ? column with { Encoding = encoding } : column)],
    };
}
