using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Training.Engines.Xgboost;

// The parts of XGBoost's JSON model that say what it predicts: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
internal sealed record XgboostModelFile(XgboostLearner Learner);

/// <param name="Attributes">What programs attached, as text.</param>
/// <param name="FeatureTypes">"c" for a category; empty or null where the file does not say.</param>
internal sealed record XgboostLearner(
    XgboostGradientBooster GradientBooster, XgboostLearnerParameters LearnerModelParam, XgboostObjective Objective, string[]? FeatureNames = null,
    Dictionary<string, string>? Attributes = null, string[]? FeatureTypes = null);

/// <param name="Gbtree">Of DART: the trees.</param>
/// <param name="WeightDrop">Of DART up to version 3.4: per tree, what its leaves are multiplied by.</param>
internal sealed record XgboostGradientBooster(
    string Name, XgboostTrees? Model = null, XgboostGradientBooster? Gbtree = null, float[]? WeightDrop = null);

/// <param name="TreeInfo">Per tree, the class that it adds to.</param>
/// <param name="WeightDrop">Of DART from version 3.5 on, which calls itself gbtree: per tree, what its leaves are multiplied by.</param>
/// <param name="Cats">From version 3.1 on, the categories of the data frame that it was trained on.</param>
internal sealed record XgboostTrees(
    int[] TreeInfo, XgboostTree[] Trees, XgboostTreesParameters? GbtreeModelParam = null, float[]? WeightDrop = null,
    XgboostCategories? Cats = null);

/// <param name="Enc">Per feature, its categories in the order of their codes; of other features none.</param>
internal sealed record XgboostCategories(XgboostCategoryList[]? Enc = null);

/// <param name="Values">Whole numbers, or with <paramref name="Offsets"/> the bytes of all texts.</param>
/// <param name="Offsets">Where each text starts and the last ends.</param>
internal sealed record XgboostCategoryList(long[]? Values = null, int[]? Offsets = null);

/// <param name="NumParallelTree">Trees of one round and class.</param>
internal sealed record XgboostTreesParameters(string? NumParallelTree = null);

/// <param name="BaseScore">A number as text; from version 3.1 an array of them as text.</param>
internal sealed record XgboostLearnerParameters(string BaseScore, string NumClass, string NumFeature);

internal sealed record XgboostObjective(string Name);

/// <summary>Parallel arrays, one entry per node; -1 in <paramref name="LeftChildren"/> marks a leaf.</summary>
/// <param name="SplitConditions">A threshold, or the value of a leaf; NaN where a set of categories takes its place.</param>
/// <param name="DefaultLeft">0 and 1, or true and false in some versions.</param>
/// <param name="SplitType">1 marks a split by a set of categories; older versions leave it out.</param>
/// <param name="Categories">The categories of all sets, one set after the other.</param>
/// <param name="CategoriesNodes">Per set, its node.</param>
/// <param name="CategoriesSegments">Per set, where it starts.</param>
/// <param name="CategoriesSizes">Per set, how many categories it has.</param>
internal sealed record XgboostTree(
    int[] LeftChildren, int[] RightChildren, int[] SplitIndices,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] float[] SplitConditions, XgboostFlag[] DefaultLeft,
    int[]? SplitType = null, XgboostTreeParameters? TreeParam = null, int[]? Categories = null, int[]? CategoriesNodes = null,
    long[]? CategoriesSegments = null, long[]? CategoriesSizes = null);

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
