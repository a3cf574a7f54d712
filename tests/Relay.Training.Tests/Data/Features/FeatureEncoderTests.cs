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
