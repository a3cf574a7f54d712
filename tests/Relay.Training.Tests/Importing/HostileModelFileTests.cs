using System.Text;
using Relay.Training.Importing;
using Relay.Training.Importing.Lightgbm;
using Relay.Training.Importing.Xgboost;

namespace Relay.Training.Tests.Importing;

/// <summary>The file is a stranger's: what is wrong in it is refused with the place, and nothing but a refusal comes of it.</summary>
public sealed class HostileModelFileTests
{
    internal const string Hostile = "hostile-model-file";

    private static readonly string Overflowing = $"\"split_conditions\":[{string.Join(',', Enumerable.Repeat("1e400", 15))}],\"x\":[";

    public static TheoryData<string, string, string, string> Faults => new()
    {
        // LightGBM: file, what is there, what takes its place, what the refusal names.
        { "lightgbm-binary", "leaf_value=", "leaf_value=nan ", "tree 0, leaf_value" },
        { "lightgbm-binary", "leaf_value=", "leaf_value=1e400 ", "tree 0, leaf_value" },
        { "lightgbm-binary", "leaf_value=", "leaf_value=1e39 1 1 1 1 1\nx=", "beyond float32" },
        { "lightgbm-binary", "threshold=", "threshold=-inf ", "tree 0, threshold" },
        { "lightgbm-binary", "leaf_value=", "leaf_value=inf ", "tree 0, leaf_value" },
        { "lightgbm-binary", "threshold=", "threshold=-1e300 1 1 1 1\nx=", "below every float32" },
        { "lightgbm-binary", "split_feature=", "split_feature=4 ", "from 0 to 3" },
        { "lightgbm-binary", "split_feature=", "split_feature=-1 ", "from 0 to 3" },
        { "lightgbm-binary", "left_child=", "left_child=0 0 0 0 0\nx=", "do not form a tree" },
        { "lightgbm-binary", "left_child=", "left_child=99 ", "left_child, entry 0" },
        { "lightgbm-binary", "right_child=", "right_child=-99 ", "right_child, entry 0" },
        { "lightgbm-binary", "decision_type=", "decision_type=1 1 1 1 1\nx=", "set of categories" },
        { "lightgbm-binary", "decision_type=", "decision_type=12 12 12 12 12\nx=", "way of missing values" },
        { "lightgbm-binary", "num_leaves=6", "num_leaves=2000000000", "num_leaves" },
        { "lightgbm-binary", "num_leaves=6", "num_leaves=7", "entry 6 of 7" },
        { "lightgbm-binary", "num_leaves=6", "num_leaves=5", "more than 5 entries" },
        { "lightgbm-binary", "is_linear=0", "is_linear=1", "linear leaves" },
        { "lightgbm-binary", "Tree=1", "Tree=7", "expected tree 1" },
        { "lightgbm-binary", "Tree=1", "Tree=0", "expected tree 1" },
        { "lightgbm-binary", "end of trees", "", "cut off" },
        { "lightgbm-binary", "version=v4", "version=v9", "v9" },
        { "lightgbm-binary", "num_leaves=6", "num_leaves=6\nnum_leaves=5", "there twice" },
        { "lightgbm-binary", "num_tree_per_iteration=1", "num_tree_per_iteration=3", "objective" },
        { "lightgbm-binary", "max_feature_idx=3", "max_feature_idx=99999999", "max_feature_idx" },
        { "lightgbm-binary", "objective=binary sigmoid:1", "objective=binary sigmoid:0", "sigmoid" },
        { "lightgbm-binary", "objective=binary sigmoid:1", "objective=lambdarank", "lambdarank" },
        { "lightgbm-binary", "objective=binary sigmoid:1", "objective=poisson", "poisson" },
        { "lightgbm-regression", "objective=regression", "objective=regression sqrt", "sqrt" },
        { "lightgbm-binary", "internal_count=", "internal_count=1\rleft_child=0 0 0 0 0\rx=", "more than one way" },
        { "lightgbm-binary", "feature_infos=", "Tree\nleaf_value=1 1\nleft_child=0\nright_child=0\nfeature_infos=", "more than one way" },
        { "lightgbm-multiclass", "Tree=11", "Tree=11x", "expected tree 11" },
        { "lightgbm-one-versus-all", "tree", "tree", "do not sum to 1" },
        { "lightgbm-linear", "tree", "tree", "linear leaves" },

        // XGBoost.
        { "xgboost-binary", "\"default_left\":[", "\"default_left\":[3,", "tree 0" },
        { "xgboost-binary", "\"split_indices\":[", "\"split_indices\":[9,", "tree 0" },
        { "xgboost-binary", "\"split_conditions\":[", "\"split_conditions\":[NaN,", "tree 0" },
        { "xgboost-binary", "\"split_conditions\":[-5E-1,", "\"split_conditions\":[NaN,", "against NaN" },
        { "xgboost-binary", "\"split_conditions\":[", "\"split_conditions\":[Infinity,", "not the JSON form" },
        { "xgboost-binary", "\"split_conditions\":[", Overflowing, "tree 0" },
        { "xgboost-binary", "\"num_feature\":\"4\",\"num_target\"", "\"num_feature\":\"2\",\"num_target\"", "of 2" },
        { "xgboost-binary", "\"num_feature\":\"4\",\"num_target\"", "\"num_feature\":\"2147483648\",\"num_target\"", "num_feature" },
        { "xgboost-binary", "\"base_score\":\"3E-1\"", "\"base_score\":\"0\"", "base_score" },
        { "xgboost-binary", "\"base_score\":\"3E-1\"", "\"base_score\":\"nan\"", "base_score" },
        { "xgboost-binary", "binary:logistic", "count:poisson", "count:poisson" },
        { "xgboost-binary", "\"num_feature\":\"4\",\"num_target\"", "\"num_feature\":\"4\",\"num_feature\":\"4\",\"num_target\"",
            "more than one way" },
        { "xgboost-dart", "\"weight_drop\":[", "\"weight_drop\":[1,", "a weight of each" },
        { "xgboost-binary", "\"model\":{", "\"model\":{\"weight_drop\":[1],", "a weight of each" },
        { "xgboost-dart", "\"weight_drop\":[", "\"weight_drop\":[1e38,1e38,1e38,1e38,1e38],\"x\":[", "" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", Hostile)]
    public void Read_FaultOfTheSource_IsRefusedWithThePlace(string name, string old, string replacement, string expected)
    {
        ImportFixture fixture = ImportFixture.Load(name);
        if (old == replacement)
        {
            AssertRefused(fixture, fixture.File, expected);
        }
        else if (expected.Length > 0)
        {
            AssertRefused(fixture, fixture.With(old, replacement), expected);
        }
        else
        {
            Read(fixture, fixture.With(old, replacement));
        }
    }

    public static TheoryData<string, byte[]> OtherFiles => new()
    {
        { "pickle", [0x80, 4, 0x95, 0, 0] },
        { "archive", "PK\u0003\u0004"u8.ToArray() },
        { "universal binary JSON", "{L\0\0\0\0\0\0\0"u8.ToArray() },
        { "CatBoost", "CBM1xxxx"u8.ToArray() },
        { "nothing", [] },
        { "text", "hello"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(OtherFiles))]
    public void Read_AnotherFormat_SaysWhatIsImported(string what, byte[] file)
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");

        TrainingException refused = Assert.Throws<TrainingException>(() => Read(fixture, file));

        Assert.True(refused is { Fault: TrainingFault.InvalidModelFile, Message.Length: > 20 }, what);
    }

    [Fact]
    [Trait("Attack", Hostile)]
    public void Read_JsonNestedDeeply_IsRefused()
    {
        ImportFixture fixture = ImportFixture.Load("xgboost-binary");

        AssertRefused(fixture, Encoding.UTF8.GetBytes("{\"learner\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100_000))), "not the JSON form");
    }

    [Fact]
    [Trait("Attack", Hostile)]
    public void Read_LineWithoutEnd_IsRefused()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-binary");

        AssertRefused(fixture, fixture.With("feature_infos=", "feature_infos=" + new string('1', 17 * 1024 * 1024)), "bytes");
    }

    [Theory]
    [InlineData(600, "levels")]
    [InlineData(400, null)]
    [Trait("Attack", Hostile)]
    public void Read_ChainOfSplits_IsRefusedBeyondTheDepthThatRuns(int depth, string? expected)
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-regression");
        string Zeros(string text) => string.Join(' ', Enumerable.Repeat(text, depth));
        string header = fixture.Text[..fixture.Text.IndexOf("\nTree=0", StringComparison.Ordinal)];
        string chain = $"{header}\nTree=0\nnum_leaves={depth + 1}\nnum_cat=0\nsplit_feature={Zeros("0")}\nthreshold={Zeros("1.5")}\n"
            + $"decision_type={Zeros("2")}\nleft_child={string.Join(' ', Enumerable.Range(1, depth).Select(i => i == depth ? -1 : i))}\n"
            + $"right_child={string.Join(' ', Enumerable.Range(2, depth).Select(i => -i))}\nleaf_value={Zeros("0.5")} " +
                $"1\nshrinkage=1\n\n\nend of trees\n";

        if (expected is null)
        {
            Read(fixture, Encoding.UTF8.GetBytes(chain));
        }
        else
        {
            AssertRefused(fixture, Encoding.UTF8.GetBytes(chain), expected);
        }
    }

    // Each split of zero-as-missing may become three, and each of its subtrees two.
    [Fact]
    [Trait("Attack", Hostile)]
    public void Read_SplitsAroundZeroThatMultiply_AreRefused()
    {
        ImportFixture fixture = ImportFixture.Load("lightgbm-regression");
        const int Depth = 60;
        string Same(string text) => string.Join(' ', Enumerable.Repeat(text, Depth));
        string header = fixture.Text[..fixture.Text.IndexOf("\nTree=0", StringComparison.Ordinal)];
        string bomb = $"{header}\nTree=0\nnum_leaves={Depth + 1}\nnum_cat=0\nsplit_feature={Same("0")}\nthreshold={Same("1.5")}\n"
            + $"decision_type={Same("4")}\nleft_child={string.Join(' ', Enumerable.Range(1, Depth).Select(i => i == Depth ? -1 : i))}\n"
            + $"right_child={string.Join(' ', Enumerable.Range(2, Depth).Select(i => -i))}\nleaf_value={Same("0.5")} " +
                $"1\nshrinkage=1\n\n\nend of trees\n";

        AssertRefused(fixture, Encoding.UTF8.GetBytes(bomb), "nodes");
    }

    // The references read a file by themselves, and have to come to an end whatever the converter thinks of it.
    [Fact]
    [Trait("Attack", Hostile)]
    public void Reference_TreeThatLeadsBackToItself_ComesToAnEnd()
    {
        byte[] lightgbm = ImportFixture.Load("lightgbm-binary").With("left_child=", "left_child=0 0 0 0 0\nx=");
        string zeros = string.Join(',', Enumerable.Repeat("0", 15));
        byte[] xgboost = ImportFixture.Load("xgboost-binary").With("\"left_children\":[", $"\"left_children\":[{zeros}],\"x\":[");

        Assert.Throws<FormatException>(() => new LightgbmReference(lightgbm));
        Assert.Throws<FormatException>(() => new XgboostReference(xgboost));
    }

    internal static void AssertRefused(ImportFixture fixture, byte[] file, string expected)
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => Read(fixture, file));

        Assert.Equal(TrainingFault.InvalidModelFile, refused.Fault);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static void Read(ImportFixture fixture, byte[] file) => ModelImporter.Read(fixture.Job("unused.csv", file)).Dispose();
}
