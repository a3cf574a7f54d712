using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data.Features;

public sealed class FeatureEncoderTests
{
    private static readonly ModelSpec Spec = CsvFolder.Spec with { Label = new LabelSpec() };

    [Fact]
    public void Fit_Category_OrdersByFrequencyThenText()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(Set("udp", "tcp", "icmp", "tcp", null));

        Assert.Equal(["tcp", "icmp", "udp"], encoder.Encodings[1].Categories);
        Assert.Null(encoder.Encodings[0].Categories);
        Assert.Equal("kind", encoder.Encodings[1].Name);
    }

    [Fact]
    public void Encode_UnseenAndMissing_AreNaN()
    {
        FeatureEncoder encoder = FeatureEncoder.Fit(Set("tcp", "udp", "tcp"));

        TrainingSet set = encoder.Encode(Set("icmp", null, "udp", "tcp"));

        Assert.Equal([float.NaN, float.NaN, 1, 0], set.Columns[1]);
    }

    [Theory]
    [InlineData(ModelAlgorithm.GradientBoosting, 255, null, false)]
    [InlineData(ModelAlgorithm.GradientBoosting, 256, null, true)]
    [InlineData(ModelAlgorithm.RandomForest, 256, null, true)]
    [InlineData(ModelAlgorithm.RandomForest, 256, CategoryEncoding.Frequency, false)]
    [InlineData(ModelAlgorithm.RandomForest, 3, CategoryEncoding.Target, true)]
    [InlineData(ModelAlgorithm.IsolationForest, 256, null, false)]
    public void Fit_CategoryOfManyTexts_BecomesStatisticsWhereTheSpecDoesNotSayOtherwise(
        ModelAlgorithm algorithm, int texts, CategoryEncoding? encoding, bool isStatistics)
    {
        ModelSpec spec = Spec with
        {
            Task = algorithm is ModelAlgorithm.IsolationForest ? ModelTask.AnomalyDetection : ModelTask.Classification,
            Algorithm = algorithm,
            Columns = [.. Spec.Columns.Select(c => c.Type is ColumnType.Category ? c with { Encoding = encoding } : c)],
        };
        using DataSetBuilder builder = new(Spec, "rows");
        for (int row = 0; row < 2 * texts; row++)
        {
            builder.Add([1f, $"text {row % texts}", 2f], row % 3 == 0 ? "x" : "y");
        }

        DataSet rows = builder.Build();
        FeatureEncoder encoder = FeatureEncoder.Fit(rows, spec, out TrainingSet encoded);

        Assert.Equal(isStatistics, encoder.Encodings[1].Statistics is not null);
        Assert.Equal(isStatistics, encoded.Columns[1].All(value => float.IsNaN(value) || value is > 0 and < 1));
        Assert.Equal(isStatistics, !encoded.Columns[1].SequenceEqual(encoder.Encode(rows).Columns[1]));
    }

    [Fact]
    public void Fit_StatisticsOfThreeClasses_TakeAColumnEachBetweenTheOthers()
    {
        ModelSpec spec = Spec with { Columns = [.. Spec.Columns.Select(c => c.Name == "kind" ? c with { Encoding = CategoryEncoding.Target } : c)] };
        using DataSetBuilder builder = new(spec, "rows");
        for (int row = 0; row < 30; row++)
        {
            builder.Add([1f, $"{row % 7}", 2f], $"{row % 3}");
        }

        FeatureEncoder encoder = FeatureEncoder.Fit(builder.Build(), spec, out TrainingSet encoded);

        Assert.Equal(["size", "kind", "kind", "kind", "rate"], encoded.Names!);
        Assert.Equal([0, 1, 1, 1, 2], FeatureEncoding.FeatureOfColumns(encoder.Encodings));
        Assert.All(encoded.Columns[4], value => Assert.Equal(2, value));
    }

    private static DataSet Set(params string?[] kinds)
    {
        using DataSetBuilder builder = new(Spec, "rows");
        foreach (string? kind in kinds)
        {
            builder.Add([1f, kind, 2f], "x");
        }

        return builder.Build();
    }
}
