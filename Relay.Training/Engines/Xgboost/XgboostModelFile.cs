using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Training.Engines.Xgboost;

// The parts of XGBoost's JSON model that say what it predicts: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
internal sealed record XgboostModelFile(XgboostLearner Learner);

/// <param name="Attributes">What programs attached, as text.</param>
internal sealed record XgboostLearner(
    XgboostGradientBooster GradientBooster, XgboostLearnerParameters LearnerModelParam, XgboostObjective Objective, string[]? FeatureNames = null,
    Dictionary<string, string>? Attributes = null);

/// <param name="Gbtree">Of DART: the trees.</param>
/// <param name="WeightDrop">Of DART: per tree, what its leaves are multiplied by.</param>
internal sealed record XgboostGradientBooster(
    string Name, XgboostTrees? Model = null, XgboostGradientBooster? Gbtree = null, float[]? WeightDrop = null);

/// <param name="TreeInfo">Per tree, the class that it adds to.</param>
internal sealed record XgboostTrees(int[] TreeInfo, XgboostTree[] Trees, XgboostTreesParameters? GbtreeModelParam = null);

/// <param name="NumParallelTree">Trees of one round and class.</param>
internal sealed record XgboostTreesParameters(string? NumParallelTree = null);

/// <param name="BaseScore">A number as text; from version 3.1 an array of them as text.</param>
internal sealed record XgboostLearnerParameters(string BaseScore, string NumClass, string NumFeature);

internal sealed record XgboostObjective(string Name);

/// <summary>Parallel arrays, one entry per node; -1 in <paramref name="LeftChildren"/> marks a leaf.</summary>
/// <param name="SplitConditions">A threshold, or the value of a leaf.</param>
/// <param name="DefaultLeft">0 and 1, or true and false in some versions.</param>
/// <param name="SplitType">1 marks a split by a set of categories; older versions leave it out.</param>
internal sealed record XgboostTree(
    int[] LeftChildren, int[] RightChildren, int[] SplitIndices, float[] SplitConditions, XgboostFlag[] DefaultLeft,
    int[]? SplitType = null, XgboostTreeParameters? TreeParam = null);

/// <param name="SizeLeafVector">Values per leaf; 0 and 1 both mean one.</param>
internal sealed record XgboostTreeParameters(string? SizeLeafVector = null);

[JsonConverter(typeof(XgboostFlagConverter))]
internal readonly record struct XgboostFlag(bool IsSet);

internal sealed class XgboostFlagConverter : JsonConverter<XgboostFlag>
{
    public override XgboostFlag Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.TokenType == JsonTokenType.Number ? reader.GetInt32() != 0 : reader.GetBoolean());

    public override void Write(Utf8JsonWriter writer, XgboostFlag value, JsonSerializerOptions options) => writer.WriteBooleanValue(value.IsSet);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(XgboostModelFile))]
internal sealed partial class XgboostJson : JsonSerializerContext;
