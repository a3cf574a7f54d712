using Relay.Training.Export;
using Relay.Training.Importing.Proof;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Importing;

/// <summary>The converter and the independent reference against what the true libraries answered at thresholds, beside them, and for missing, zero,
/// tiny and infinite values.</summary>
public sealed class SourceSemanticsTests
{
    public static TheoryData<string> Models =>
    [
        "xgboost-binary", "xgboost-multiclass", "xgboost-regression", "xgboost-dart", "xgboost-forest",
        "lightgbm-binary", "lightgbm-binary-sigmoid", "lightgbm-multiclass", "lightgbm-regression", "lightgbm-forest",
        "lightgbm-forest-regression", "lightgbm-zero-as-missing", "lightgbm-no-missing", "lightgbm-dart",
        "lightgbm-missing-or-not", "lightgbm-categorical", "lightgbm-sets-binary", "lightgbm-sets-multiclass", "lightgbm-sets-regression",
        "xgboost-sets-binary", "xgboost-sets-multiclass", "xgboost-sets-regression",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void Reference_RowsAtThresholds_AnswersAsTheLibrary(string name)
    {
        ConvertedFixture converted = ConvertedFixture.Load(name);
        ImportFixture fixture = converted.Fixture;

        // LightGBM computes in double, XGBoost in float32.
        double tolerance = name.StartsWith("lightgbm", StringComparison.Ordinal) ? 1e-12 : 2e-6;
        for (int row = 0; row < fixture.Rows.Length; row++)
        {
            AssertClose(fixture.Expected(row), converted.Reference.Answer(fixture.Rows[row], out _), tolerance, $"row {row}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Converter_RowsAtThresholds_AnswersAsTheLibrary(string name)
    {
        ConvertedFixture converted = ConvertedFixture.Load(name);
        float[][] columns = [.. Enumerable.Range(0, 4).Select(c => converted.Fixture.Rows.Select(r => r[c]).ToArray())];

        Predictions answers = converted.Model.Score(columns, TestContext.Current.CancellationToken);

        for (int row = 0; row < answers.RowCount; row++)
        {
            double[] own = [.. answers.Row(row).ToArray().Select(v => (double)v)];
            AssertClose(converted.Fixture.Expected(row), own, 2e-6, $"row {row}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void TreeProof_EveryThreshold_NoRowChangesSides(string name)
    {
        ConvertedFixture converted = ConvertedFixture.Load(name);

        long rows = converted.Prove(converted.Reference, converted.Ensemble, TestContext.Current.CancellationToken);

        Assert.Equal(converted.Reference.Trees.Sum(t => t.Splits.Sum(
            s => s.Set is { } set ? converted.Categories[s.Feature].ValuesAt(set).Count() : ThresholdRows.ValuesAt(0).Length)), rows);
    }

    public static TheoryData<string, string> Faults
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in new[] { "xgboost-multiclass", "lightgbm-binary", "lightgbm-zero-as-missing", "lightgbm-sets-binary" })
            {
                string[] faults = ["threshold above", "threshold below", "missing side", "leaf", "output", "feature", "tree left out"];
                foreach (string fault in faults)
                {
                    // No row misses the column of a set.
                    if (fault == "missing side" && name == "lightgbm-sets-binary")
                    {
                        continue;
                    }

                    all.Add(name, fault);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void TreeProof_ConverterMakesAnError_ShowsTheRow(string name, string fault)
    {
        ConvertedFixture converted = ConvertedFixture.Load(name);
        TreeEnsemble ensemble = converted.Ensemble;
        Tree tree = ensemble.Trees[^1];
        if (name == "lightgbm-sets-binary" && fault is "threshold above" or "threshold below")
        {
            // The column of a set is 0 or 1: its bounds are those of the indicator.
            tree = converted.Encodings[1].Indicators![0].Trees[0];
        }

        switch (fault)
        {
            case "threshold above":
                tree.Threshold[0] = MathF.BitIncrement(tree.Threshold[0]);
                break;
            case "threshold below":
                tree.Threshold[0] = MathF.BitDecrement(tree.Threshold[0]);
                break;
            case "missing side":
                tree.MissingLeft[0] = !tree.MissingLeft[0];
                break;
            case "leaf":
                tree.LeafValues[0] *= 1.000_001f;
                break;
            case "feature":
                tree.Feature[0] = (tree.Feature[0] + 1) % 4;
                break;
            case "output":
                ensemble = ensemble with { Trees = [.. ensemble.Trees.Skip(1), ensemble.Trees[0]] };
                break;
            default:
                ensemble = ensemble with { Trees = [.. ensemble.Trees.SkipLast(1)] };
                break;
        }

        TrainingException refused = Assert.Throws<TrainingException>(
            () => converted.Prove(converted.Reference, ensemble, TestContext.Current.CancellationToken));

        Assert.Equal(TrainingFault.ImportMismatch, refused.Fault);
        Assert.True(fault == "tree left out" || refused.Message.Contains("packets=", StringComparison.Ordinal), refused.Message);
    }

    [Fact]
    public void TreeProof_CanceledWithinATree_EndsAtTheNextSplit()
    {
        ConvertedFixture converted = ConvertedFixture.Load("lightgbm-binary");
        using CancellationTokenSource cancellation = new();
        CancelingReference reference = new(converted.Reference, cancellation);

        Assert.Throws<OperationCanceledException>(() => converted.Prove(reference, converted.Ensemble, cancellation.Token));

        Assert.Equal(ThresholdRows.ValuesAt(0).Length, reference.Answers);
    }

    [Theory]
    [InlineData("lightgbm-multiclass")]
    [InlineData("lightgbm-missing-or-not")]
    [InlineData("lightgbm-sets-binary")]
    [InlineData("lightgbm-sets-regression")]
    public void ThresholdRows_OfADeepTree_LeadToTheirSplit(string name)
    {
        ConvertedFixture converted = ConvertedFixture.Load(name);
        foreach (SourceTree tree in converted.Reference.Trees)
        {
            HashSet<double> leaves = [];
            for (int s = 0; s < tree.Splits.Count; s++)
            {
                SourceSplit split = tree.Splits[s];
                float[] row = ThresholdRows.LeadingTo(tree.Splits, s, [0, 0, 0, 0], converted.Categories);
                foreach (float value in split.Set is { } set
                    ? converted.Categories[split.Feature].ValuesAt(set)
                    : ThresholdRows.ValuesAt(split.Threshold).Take(ThresholdRows.AtThreshold + 1))
                {
                    row[split.Feature] = value;
                    leaves.Add(tree.Leaf(row));
                }
            }

            // One leaf more than splits: each is reached.
            Assert.Equal(tree.Splits.Count + 1, leaves.Count);
        }
    }

    /// <summary>Cancels as soon as a tree answers.</summary>
    private sealed class CancelingReference(SourceReference inner, CancellationTokenSource cancellation) : SourceReference
    {
        public int Answers { get; private set; }

        public override int FeatureCount => inner.FeatureCount;

        public override int OutputCount => inner.OutputCount;

        public override IReadOnlyList<SourceTree> Trees => [.. inner.Trees.Select(tree => new CancelingTree(this, tree))];

        public override double Base(int output) => inner.Base(output);

        public override double[] Answer(ReadOnlySpan<double> sums) => inner.Answer(sums);

        private void Count()
        {
            Answers++;
            cancellation.Cancel();
        }

        private sealed class CancelingTree(CancelingReference owner, SourceTree inner) : SourceTree
        {
            public override int Output => inner.Output;

            public override IReadOnlyList<SourceSplit> Splits => inner.Splits;

            public override double Leaf(ReadOnlySpan<float> row)
            {
                owner.Count();
                return inner.Leaf(row);
            }
        }
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance, string where)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(
                Math.Abs(expected[k] - actual[k]) <= tolerance * Math.Max(1, Math.Abs(expected[k])),
                $"{where}, output {k}: {actual[k]:R}, expected {expected[k]:R}");
        }
    }
}
