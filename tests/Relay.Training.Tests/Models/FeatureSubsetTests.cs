using System.Text;
using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Tests.Engines;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using static Relay.Training.Tests.TaskRows;

namespace Relay.Training.Tests.Models;

/// <summary>A spec that names the columns that trees may split by.</summary>
public sealed class FeatureSubsetTests
{
    [Theory]
    [InlineData(ModelTask.Classification, ModelAlgorithm.RandomForest)]
    [InlineData(ModelTask.Regression, ModelAlgorithm.GradientBoosting)]
    [InlineData(ModelTask.AnomalyDetection, ModelAlgorithm.IsolationForest)]
    public void Run_OneColumn_TheOthersCountNothingAndTheirTextsAreNotInTheFile(ModelTask task, ModelAlgorithm algorithm)
    {
        ModelSpec spec = task switch
        {
            ModelTask.Regression => Regression(algorithm, null),
            ModelTask.AnomalyDetection => Anomaly(labelled: true, null),
            _ => Classes(algorithm, null),
        };
        TrainingJob job = Job(spec with { Parameters = new ModelParameters { Trees = 5, Features = ["rate"] } });

        TrainedModel model = TrainingPipeline.CreateDefault().Run(
            job with { Accepted = new Dictionary<string, string> { ["class-recall"] = "a test" } }, null, TestContext.Current.CancellationToken);

        Assert.Equal(["bytes", "protocol", "rate"], model.Card.Schema.Inputs.Select(i => i.Name));
        Assert.All(model.Card.Importance ?? [], i => Assert.Equal(i.Name == "rate" ? 1 : 0, i.Share, 1e-9));
        Assert.Equal((0, 0), (model.Card.Parity.LabelDisagreements, (int)(model.Card.Parity.MaxAbsDiff * 1e5)));
        Assert.Null(model.UnsupportedByManagedScorer);

        // The golden rows have texts, so the graph alone is looked at.
        string graph = Encoding.Latin1.GetString(model.Artifact).Split("relay.golden")[0];
        Assert.DoesNotContain("udp", graph, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Subset_IsTheEnsembleOfTheseColumnsAlone()
    {
        TrainingSet set = SmallData.Create(3, 200, 4, 2, 20, 0.1) with { Names = ["a", "b", "c", "d"] };
        ModelParameters parameters = new() { Trees = 4, Monotone = new Dictionary<string, int> { ["a"] = 1, ["d"] = -1 } };
        GradientBoostingTrainer trainer = new(1);

        TreeEnsemble subset = FeatureSubset.Train(trainer, set, parameters with { Features = ["d", "b"] }, null, default);
        TreeEnsemble alone = trainer.Train(
            set with { Columns = [set.Columns[1], set.Columns[3]], Names = ["b", "d"] },
            parameters with { Monotone = new Dictionary<string, int> { ["d"] = -1 } }, null, default);

        Assert.Equal(4, subset.FeatureCount);
        Assert.Equal([1, 3], subset.Trees.SelectMany(t => t.Feature).Where(f => f >= 0).Distinct().Order());
        Assert.Equal(
            new EnsembleEvaluator(alone).Probabilities([set.Columns[1], set.Columns[3]]), new EnsembleEvaluator(subset).Probabilities(set.Columns));
    }

    [Fact]
    public void Train_NoneOfTheColumns_IsRefused() => Assert.Equal(
        TrainingFault.InvalidSpec,
        Assert.Throws<TrainingException>(() => FeatureSubset.Train(
            new GradientBoostingTrainer(1), SmallData.Create(3, 20, 2, 2, 5, 0) with { Names = ["a", "b"] },
            new ModelParameters { Features = ["x"] }, null, default)).Fault);
}
