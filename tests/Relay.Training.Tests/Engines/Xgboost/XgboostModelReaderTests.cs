using System.Text;
using Relay.Training.Engines.Xgboost;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Engines.Xgboost;

public sealed class XgboostModelReaderTests
{
    private const string Stump = """
        {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0], "split_conditions": [5E-1, -1, 2],
         "default_left": [1, 0, 0], "split_type": [0, 0, 0], "tree_param": {"size_leaf_vector": "0"}}
        """;

    [Fact]
    public void Read_ValueOnTheThreshold_GoesRight()
    {
        TreeEnsemble ensemble = Read(Model([Stump]));

        Assert.Equal([2, -1, 2], Scores(ensemble, [0.5f, MathF.BitDecrement(0.5f), MathF.BitIncrement(0.5f)]));
    }

    [Fact]
    public void Read_ThresholdZero_NeitherZeroGoesLeft()
    {
        TreeEnsemble ensemble = Read(Model([Stump.Replace("5E-1", "0E0")]));

        Assert.Equal([2, 2, -1], Scores(ensemble, [0f, -0f, -float.Epsilon]));
    }

    [Theory]
    [InlineData("[1, 0, 0]", -1)]
    [InlineData("[0, 0, 0]", 2)]
    [InlineData("[true, false, false]", -1)]
    [InlineData("[false, false, false]", 2)]
    public void Read_MissingValue_GoesWhereTheFileSays(string defaultLeft, float expected)
    {
        TreeEnsemble ensemble = Read(Model([Stump.Replace("[1, 0, 0]", defaultLeft)]));

        Assert.Equal([expected], Scores(ensemble, [float.NaN]));
    }

    [Theory]
    [InlineData("2.5E-1", -1.0986123f)]
    [InlineData("5E-1", 0)]
    [InlineData("[2.5E-1]", -1.0986123f)]
    public void Read_BaseScoreOfALogisticModel_BecomesLogOdds(string score, float expected)
    {
        TreeEnsemble ensemble = Read(Model([Stump], objective: "binary:logistic", baseScore: score));

        Assert.Equal(Link.Sigmoid, ensemble.Link);
        Assert.Equal(expected, Assert.Single(ensemble.BaseValues), 1e-6);
    }

    [Fact]
    public void Read_BaseScorePerClass_IsKeptPerClass()
    {
        TreeEnsemble ensemble = Read(
            Model([Stump, Stump, Stump], objective: "multi:softprob", classes: 3, baseScore: "[1E-1,-2E0,3E0]", treeInfo: "[0, 1, 2]"));

        Assert.Equal(Link.Softmax, ensemble.Link);
        Assert.Equal([0.1f, -2f, 3f], ensemble.BaseValues);
        Assert.Equal([0, 1, 2], ensemble.Trees.Select(t => t.Output));
    }

    [Fact]
    public void Read_PrunedNodes_AreLeftOut()
    {
        string pruned = """
            {"left_children": [3, -1, -1, -1, -1], "right_children": [4, -1, -1, -1, -1], "split_indices": [0, 0, 0, 0, 0],
             "split_conditions": [1, 9, 9, -1, 2], "default_left": [0, 0, 0, 0, 0]}
            """;

        Tree tree = Assert.Single(Read(Model([pruned])).Trees);

        Assert.Equal([-1f, 2f], tree.LeafValues);
        Assert.Equal(3, tree.NodeCount);
    }

    public static TheoryData<string> Refused =>
    [
        "",
        "{L\u0000",
        "{}",
        "null",
        Model([Stump], booster: "dart"),
        Model([Stump], booster: "gblinear"),
        Model([Stump], objective: "rank:pairwise"),
        Model([Stump], classes: 3),
        Model([Stump], objective: "multi:softprob", classes: int.MaxValue),
        Model([Stump], treeInfo: "[1]"),
        Model([Stump], treeInfo: "[]"),
        Model([Stump], objective: "binary:logistic", baseScore: "1E0"),
        Model([Stump], baseScore: "[1E0,2E0]"),
        Model([Stump], baseScore: "much"),
        Model([Stump.Replace("\"split_type\": [0, 0, 0]", "\"split_type\": [1, 0, 0]")]),
        Model([Stump.Replace("\"size_leaf_vector\": \"0\"", "\"size_leaf_vector\": \"3\"")]),
        Model([Stump.Replace("[2, -1, -1]", "[0, -1, -1]")]),
        Model([Stump.Replace("[2, -1, -1]", "[7, -1, -1]")]),
        Model([Stump.Replace("[2, -1, -1]", "[-1, -1, -1]")]),
        Model([Stump.Replace("[2, -1, -1]", "[2, -1]")]),
        Model([Stump.Replace("\"split_indices\": [0, 0, 0]", "\"split_indices\": [1, 0, 0]")]),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Read_NotWhatTreesOfOursCanSay_IsRefused(string json)
    {
        TrainingException refused = Assert.Throws<TrainingException>(() => Read(json));

        Assert.Equal(TrainingFault.InvalidModelFile, refused.Fault);
    }

    private static string Model(
        string[] trees, string objective = "reg:squarederror", int classes = 0, string baseScore = "0E0", string treeInfo = "[0]",
        string booster = "gbtree") => $$"""
        {"learner": {
          "gradient_booster": {"model": {"tree_info": {{treeInfo}}, "trees": [{{string.Join(",", trees)}}]}, "name": "{{booster}}" },
          "learner_model_param": {"base_score": "{{baseScore}}", "num_class": "{{classes}}", "num_feature": "1" },
          "objective": {"name": "{{objective}}" } }, "version": [1, 7, 4]}
        """;

    private static TreeEnsemble Read(string json) => XgboostModelReader.Read(Encoding.UTF8.GetBytes(json));

    private static float[] Scores(TreeEnsemble ensemble, float[] column) => new EnsembleEvaluator(ensemble).Probabilities([column]);
}
