using Relay.Training.Engines;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed;
using Relay.Training.Tests.Data;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Engines;

public sealed class EngineCatalogTests
{
    private static readonly EngineCatalog Engines = new([new ManagedEngine(), new MeanEngine()]);

    [Fact]
    public void Names_Default_ManagedFirst() => Assert.Equal(["managed", "xgboost", "mlnet"], EngineCatalog.CreateDefault().Names);

    [Fact]
    public void Run_EngineOfItsOwn_TrainsWithIt()
    {
        using CsvFolder folder = new();
        string rows = folder.Write("rows.csv", "a,y", "1,2", "2,4", "3,6", "4,8");

        TrainedModel model = new TrainingPipeline(Engines).Run(
            new TrainingJob(Spec, 1, new DataOrigin.Files(rows, rows))
            {
                Accepted = new Dictionary<string, string> { ["shared-rows"] = "rows of a test" },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (model.Card.TreeCount, model.Card.NodeCount));
        Assert.Equal(0, Assert.IsType<RegressionMetrics>(model.Card.Metrics).R2!.Value, 1e-6);
    }

    [Fact]
    public void Require_EngineOfItsOwn_ChecksItsTable()
    {
        Engines.Require(Spec);

        AssertRefused(Engines, Spec with { Parameters = new ModelParameters { Trees = 3 } });
        AssertRefused(Engines, Spec with { Parameters = new ModelParameters { L2 = 6 } });
        AssertRefused(Engines, Spec with { Algorithm = ModelAlgorithm.GradientBoosting });
    }

    [Fact]
    public void Require_EngineThatTheCatalogLacks_IsRefused() => AssertRefused(EngineCatalog.CreateDefault(), Spec);

    private static ModelSpec Spec => new()
    {
        Name = "mean",
        Task = ModelTask.Regression,
        Algorithm = ModelAlgorithm.RandomForest,
        Engine = "mean",
        Columns = [new("a", ColumnType.Number), new("y", ColumnType.Label)],
        Parameters = new ModelParameters { L2 = 5 },
    };

    private static void AssertRefused(EngineCatalog engines, ModelSpec spec) =>
        Assert.Equal(TrainingFault.InvalidSpec, Assert.Throws<TrainingException>(() => engines.Require(spec)).Fault);

    /// <summary>An engine whose only model is the mean of the targets.</summary>
    private sealed class MeanEngine : ITrainingEngine
    {
        public string Name => "mean";

        public string Version => "1";

        public bool IsThreadIndependent => true;

        public IReadOnlyList<TrainerEntry> Trainers { get; } =
        [
            new(
                ModelAlgorithm.RandomForest, [ModelTask.Regression], new TrainerParameters(new TrainerParameter(ParameterTable.L2, 1) { Max = 5 }),
                _ => new MeanTrainer()),
        ];

        public void RequirePresent()
        {
        }
    }

    private sealed class MeanTrainer : IEnsembleTrainer
    {
        public TreeEnsemble Train(
            TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        {
            Tree leaf = new()
            {
                Feature = [-1],
                Threshold = [0],
                Left = [0],
                Right = [0],
                MissingLeft = [false],
                Output = 0,
                LeafValues = [set.Targets!.Average()],
            };
            return new TreeEnsemble(set.FeatureCount, 1, [leaf], [0], Link.None);
        }
    }
}
