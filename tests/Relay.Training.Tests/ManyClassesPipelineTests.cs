using System.Globalization;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>Hundreds of classes through the whole pipeline: what rounding does to a sum of as many probabilities is no difference.</summary>
public sealed class ManyClassesPipelineTests
{
    private const int RowsPerClass = 4;

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 100)]
    [InlineData(ModelAlgorithm.GradientBoosting, 500)]
    [InlineData(ModelAlgorithm.RandomForest, 100)]
    [InlineData(ModelAlgorithm.RandomForest, 500)]
    public void Run_HundredsOfClasses_ProvesParity(ModelAlgorithm algorithm, int classes)
    {
        // One round after which all other classes of a row are as probable as what float32 rounds away beside the own one.
        ModelParameters parameters = algorithm == ModelAlgorithm.GradientBoosting
            ? new ModelParameters
            {
                Trees = 1,
                Depth = 6,
                LearningRate = 1,
                MinChildWeight = 0,
                L2 = (RowsPerClass / 16.7) - (RowsPerClass * 2.0 / classes)
            }
            : new ModelParameters { Trees = 10 };
        ModelSpec spec = new()
        {
            Name = "hundreds",
            Task = ModelTask.Classification,
            Algorithm = algorithm,
            Columns =
                [new("tens", ColumnType.Number), new("ones", ColumnType.Number), new("noise", ColumnType.Number), new("truth", ColumnType.Label)],
            Parameters = parameters,
        };
        DataSet train = Rows(spec, classes, RowsPerClass, 1, null);

        ModelCard card = TrainingPipeline.CreateDefault().Run(
            new TrainingJob(spec, 1, new DataOrigin.Rows(train, Rows(spec, classes, 2, 2, train.Classes)))
            {
                Accepted = new Dictionary<string, string> { ["class-recall"] = "a class has two held-out rows" },
            },
            cancellationToken: TestContext.Current.CancellationToken).Card;

        Assert.Equal(classes, card.Schema.Classes.Count);
        Assert.Equal(0, card.Parity.LabelDisagreements);
        Assert.InRange(card.Parity.MaxAbsDiff, 0, GoldenComparison.ToleranceOf(classes));
    }

    private static DataSet Rows(ModelSpec spec, int classes, int perClass, int seed, IReadOnlyList<string>? known)
    {
        Random random = new(seed);
        using DataSetBuilder builder = new(spec, $"rows of seed {seed}");
        for (int row = 0; row < classes * perClass; row++)
        {
            int label = row % classes;
            builder.Add([(float)(label / 25), (float)(label % 25), random.NextSingle()], label.ToString("D3", CultureInfo.InvariantCulture));
        }

        return builder.Build(known);
    }
}
