using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines;
using Relay.Training.Engines.Managed;
using Relay.Training.Engines.MlNet;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Models;

public sealed class ModelFitterTests
{
    private const int Classes = 106;

    private static readonly ModelSpec Spec = new()
    {
        Name = "many",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns = [new("a", ColumnType.Number), new("verdict", ColumnType.Label)],
        Parameters = new ModelParameters { Trees = 10_000, Depth = 1 },
    };

    // The column numbers the rows, and the same ones are held out.
    private static readonly Dictionary<string, string> Numbered = new() { ["row-number"] = "rows of a test", ["shared-rows"] = "rows of a test" };

    [Theory]
    [InlineData(ManagedEngine.EngineName, ModelAlgorithm.GradientBoosting)]
    [InlineData(MlNetEngine.EngineName, ModelAlgorithm.GradientBoosting)]
    [InlineData(MlNetEngine.EngineName, ModelAlgorithm.RandomForest)]
    public void Fit_MoreTreesThanTheManagedScorerRuns_IsRefusedBeforeTheFirstOneGrows(string engine, ModelAlgorithm algorithm)
    {
        ModelSpec spec = Spec with { Engine = engine, Algorithm = algorithm };
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(10));

        TrainingException refused = Assert.Throws<TrainingException>(() => TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, new DataOrigin.Rows(Rows(spec, null), Rows(spec, Rows(spec, null).Classes))) { Accepted = Numbered },
            cancellationToken: stop.Token));

        Assert.Equal(TrainingFault.InvalidSpec, refused.Fault);
        Assert.Contains("1060000 trees", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CountTreesOfClasses_ByEngine_IsThatOfEachClassWithTreesOfItsOwn()
    {
        EngineCatalog engines = EngineCatalog.CreateDefault();

        Assert.Equal(30_000, engines.CountTreesOfClasses(Spec, 3));
        Assert.Equal(300, engines.CountTreesOfClasses(Spec with { Parameters = new ModelParameters() }, 3));
        Assert.Null(engines.CountTreesOfClasses(Spec, 2));
        Assert.Null(engines.CountTreesOfClasses(Spec with { Algorithm = ModelAlgorithm.RandomForest }, Classes));
        Assert.Equal(30_000, engines.CountTreesOfClasses(Spec with { Algorithm = ModelAlgorithm.RandomForest, Engine = MlNetEngine.EngineName }, 3));
    }

    private static DataSet Rows(ModelSpec spec, IReadOnlyList<string>? classes)
    {
        using DataSetBuilder builder = new(spec, "rows");
        for (int i = 0; i < 2 * Classes; i++)
        {
            builder.Add([i], $"class-{i % Classes}");
        }

        return builder.Build(classes);
    }
}
