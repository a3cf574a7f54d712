using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Relay.Training.Packaging;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Scoring;

namespace Relay.Training.Tests;

/// <summary>Categories that are counted or looked up.</summary>
public sealed class LookupPipelineTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_LookedUpText_DecidesOnBothScorersWhateverTheRowHolds(int classes)
    {
        TrainedModel model = Run(Spec(), Rows(Spec(), classes));

        ArtifactDescription file = ArtifactInspector.Inspect(model.Artifact, "m").Value!;
        Assert.Null(model.UnsupportedByManagedScorer);
        Assert.Contains(file.Golden.Categories, row => row[0].StartsWith("host-", StringComparison.Ordinal));
        Assert.Null(ManagedScorer.Load(model.Artifact, model.Card.Schema, out ManagedScorer? loaded));
        using ManagedScorer scorer = loaded!;
        float[] answer = new float[classes];
        foreach (float size in new[] { float.NaN, 0, 500, 999, float.MaxValue, float.MinValue })
        {
            for (int host = 0; host < 10 * classes; host++)
            {
                scorer.Score([size], [$"host-{host}", "", "net-3"], 1, answer);
                Assert.Equal([.. Enumerable.Range(0, classes).Select(k => k == host % classes ? 1f : 0)], answer);
            }
        }

        // Two columns know their texts: the first of the spec decides.
        scorer.Score([1], ["host-1", "zone-0", "net-3"], 1, answer);
        Assert.Equal(1f, answer[1]);
        scorer.Score([1], ["unknown", "zone-0", "net-3"], 1, answer);
        Assert.Equal(1f, answer[0]);
        scorer.Score([1], ["", "", "net-3"], 1, answer);
        Assert.DoesNotContain(1f, answer);
    }

    [Fact]
    public void Run_LookedUpColumns_TeachNothing()
    {
        ModelSpec spec = Spec();
        ModelSpec without = spec with
        {
            Columns = [.. spec.Columns.Select(c => c.Encoding is CategoryEncoding.Lookup ? new(c.Name, ColumnType.Ignore) : c)],
        };

        TrainedModel model = Run(spec, Rows(spec, 2));
        TrainedModel plain = Run(without, Rows(without, 2));

        Assert.Equal(plain.Card.Metrics, model.Card.Metrics, (a, b) => a!.ToString() == b!.ToString());
        Assert.Equal(0, model.Card.Importance!.Single(i => i.Name == "host").Share);
    }

    [Fact]
    public void Encode_CountedText_IsWorthTheRowsOfOtherFoldsToATrainingRowAndAllInUse()
    {
        const int RowCount = 400;
        ModelSpec spec = Spec();
        using DataSetBuilder builder = new(spec, "rows");
        for (int row = 0; row < RowCount; row++)
        {
            builder.Add([1f, null, null, row % 4 == 0 ? "shared" : row % 4 == 1 ? $"own-{row}" : "clean"], row % 4 < 2 ? "class 1" : "class 0");
        }

        FeatureEncoder encoder = FeatureEncoder.Fit(builder.Build(), spec, out Relay.Training.Engines.Common.TrainingSet train);
        using DataSetBuilder asked = new(spec, "asked");
        asked.Add([1f, null, null, "shared"], "class 1");
        asked.Add([1f, null, null, "own-1"], "class 0");
        asked.Add([1f, null, null, "clean"], "class 0");
        asked.Add([1f, null, null, "unseen"], "class 0");
        float[] used = encoder.Encode(asked.Build(["class 0", "class 1"])).Columns[3];

        Assert.Equal([100, 1, float.NaN, float.NaN], used);
        float[] learned = train.Columns[3];
        Assert.All(Enumerable.Range(0, RowCount), row => Assert.True(row % 4 == 0
            ? learned[row] is > 80 and < 120
            : float.IsNaN(learned[row]), $"row {row}: {learned[row]}"));
        Assert.Equal(100 * RowCount / 4, learned.Where(v => !float.IsNaN(v)).Sum(), 0.05 * 100 * RowCount);
    }

    [Fact]
    public void Run_TextsThatAreLookedUpInTwoClasses_AreRefusedByName()
    {
        ModelSpec spec = Spec();
        using DataSetBuilder builder = new(spec, "rows");
        for (int row = 0; row < 40; row++)
        {
            builder.Add([(float)row, $"host-{row / 2}", null, "net"], $"class {row % 2}");
        }

        DataSet train = builder.Build();
        TrainingException refused = Assert.Throws<TrainingException>(() => Run(spec, (train, train)));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains("column 'host': 'host-0', 'host-1'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("and 8 more", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_MoreTextsThanACategoryHas_AreTakenWhereTheyAreCounted()
    {
        ModelSpec spec = Spec();
        using DataSetBuilder builder = new(spec, "rows");
        for (int row = 0; row < 12_000; row++)
        {
            builder.Add([1f, $"host-{row}", null, $"net-{row}"], "class 0");
        }

        Assert.Equal(12_000, ((CategoryColumn)builder.Build(["class 0", "class 1"]).Columns[3]).Categories.Length);
    }

    private static ModelSpec Spec() => new()
    {
        Name = "hosts",
        Task = ModelTask.Classification,
        Algorithm = ModelAlgorithm.GradientBoosting,
        Columns =
        [
            new("size", ColumnType.Number), new("host", ColumnType.Category) { Encoding = CategoryEncoding.Lookup },
            new("zone", ColumnType.Category) { Encoding = CategoryEncoding.Lookup },
            new("net", ColumnType.Category) { Encoding = CategoryEncoding.Count }, new("verdict", ColumnType.Label),
        ],
        Label = new LabelSpec { Benign = "class 0" },
        Parameters = new ModelParameters { Trees = 10 },
    };

    private static (DataSet Train, DataSet Test) Rows(ModelSpec spec, int classes)
    {
        DataSet train = Rows(spec, classes, 1, 2000, hasHosts: true, null);
        return (train, Rows(spec, classes, 2, 600, hasHosts: false, train.Classes));
    }

    private static DataSet Rows(ModelSpec spec, int classes, int seed, int rows, bool hasHosts, IReadOnlyList<string>? names)
    {
        using DataSetBuilder builder = new(spec, $"rows {seed}");
        Random random = new(seed);
        bool[] reads = [.. spec.Columns.Select(c => c.Type is ColumnType.Number or ColumnType.Category)];
        for (int row = 0; row < rows; row++)
        {
            int label = random.Next(classes);
            object?[] cells =
            [
                (float)((label * 200) + random.Next(1000)), hasHosts && row % 3 == 0 ? $"host-{(classes * random.Next(10)) + label}" : null,
                hasHosts && row % 7 == 0 ? $"zone-{label}" : null, $"net-{random.Next(3) + (3 * label)}",
            ];
            builder.Add([.. cells.Where((_, i) => reads[i])], $"class {label}");
        }

        return builder.Build(names);
    }

    private static TrainedModel Run(ModelSpec spec, (DataSet Train, DataSet Test) rows) => TrainingPipeline.CreateDefault().Run(
        new TrainingJob(spec, 1, new DataOrigin.Rows(rows.Train, rows.Test)), cancellationToken: TestContext.Current.CancellationToken);
}
