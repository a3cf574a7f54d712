using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Xgboost;

/// <summary>What XGBoost answers, by the rules of its predictor: leaves are weighted where the booster is DART, and the base score comes before the
/// link.</summary>
internal sealed partial class XgboostReference : SourceReference
{
    private readonly double[] _bases;
    private readonly bool _isLogistic;
    private readonly string[]?[] _texts = [];

    /// <param name="json">A file that the converter accepted.</param>
    public XgboostReference(ReadOnlyMemory<byte> json)
    {
        // NaN stands where a set of categories takes the place of a threshold.
        string text = NotANumber().Replace(Encoding.UTF8.GetString(json.Span), "null");
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        JsonElement learner = document.RootElement.GetProperty("learner");
        JsonElement parameters = learner.GetProperty("learner_model_param");
        FeatureCount = Whole(parameters, "num_feature");
        OutputCount = Math.Max(1, Whole(parameters, "num_class"));
        _isLogistic = learner.GetProperty("objective").GetProperty("name").GetString() == "binary:logistic";
        JsonElement booster = learner.GetProperty("gradient_booster");
        bool isDart = booster.GetProperty("name").GetString() == "dart";
        JsonElement model = (isDart ? booster.GetProperty("gbtree") : booster).GetProperty("model");
        JsonElement outputs = model.GetProperty("tree_info");
        int[] outputOf = [.. outputs.EnumerateArray().Select(o => o.GetInt32())];

        // Beside the trees until version 3.4, with them from 3.5 on.
        JsonElement weights = default;
        bool isWeighted = booster.TryGetProperty("weight_drop", out weights) || (model.TryGetProperty("weight_drop", out weights)
            && weights.GetArrayLength() > 0);
        float[] weightOf = isWeighted ? [.. weights.EnumerateArray().Select(w => w.GetSingle())] : [];
        Trees = [.. model.GetProperty("trees").EnumerateArray()
            .Select((tree, t) => new XgboostSourceTree(tree, outputOf[t], isWeighted ? weightOf[t] : 1))];
        if (model.TryGetProperty("cats", out JsonElement cats) && cats.TryGetProperty("enc", out JsonElement lists))
        {
            _texts = [.. lists.EnumerateArray().Select(ReadTexts)];
        }

        _bases = Bases(parameters.GetProperty("base_score").GetString()!);
    }

    public override int FeatureCount { get; }

    public override int OutputCount { get; }

    public override IReadOnlyList<SourceTree> Trees { get; }

    public override IReadOnlyList<string>? Texts(int list) => list < _texts.Length ? _texts[list] : null;

    public override double Base(int output) => _bases[_bases.Length == 1 ? 0 : output];

    public override double[] Answer(ReadOnlySpan<double> sums)
    {
        if (OutputCount > 1)
        {
            double max = double.NegativeInfinity;
            foreach (double sum in sums)
            {
                max = Math.Max(max, sum);
            }

            double[] powers = new double[sums.Length];
            for (int k = 0; k < powers.Length; k++)
            {
                powers[k] = Math.Exp(sums[k] - max);
            }

            double total = powers.Sum();
            return Array.ConvertAll(powers, p => p / total);
        }

        if (!_isLogistic)
        {
            return [sums[0]];
        }

        double probability = 1 / (1 + Math.Exp(-sums[0]));
        return [1 - probability, probability];
    }

    private static int Whole(JsonElement owner, string name) => int.Parse(owner.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static string[]? ReadTexts(JsonElement list)
    {
        if (!list.TryGetProperty("values", out JsonElement values) || values.GetArrayLength() == 0)
        {
            return null;
        }

        if (!list.TryGetProperty("offsets", out JsonElement offsets))
        {
            return [.. values.EnumerateArray().Select(value => value.GetRawText())];
        }

        byte[] bytes = [.. values.EnumerateArray().Select(value => (byte)(value.GetInt32() & 0xff))];
        int[] ends = [.. offsets.EnumerateArray().Select(offset => offset.GetInt32())];
        return [.. ends.Zip(ends.Skip(1), (start, end) => Encoding.UTF8.GetString(bytes[start..end]))];
    }

    [GeneratedRegex(@"(?<=[\[,]\s*)NaN(?=\s*[,\]])")]
    private static partial Regex NotANumber();

    private double[] Bases(string text)
    {
        string list = text.StartsWith('[') ? text[1..^1] : text;
        double[] scores = [.. list.Split(',').Select(part => double.Parse(part, NumberStyles.Float, CultureInfo.InvariantCulture))];
        return _isLogistic ? Array.ConvertAll(scores, p => Math.Log(p) - Math.Log(1 - p)) : scores;
    }
}
