using System.Globalization;
using System.Text.Json;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Xgboost;

/// <summary>What XGBoost answers, by the rules of its predictor: a value goes left when it is below the threshold, both float32, and a missing
/// one where the node says; leaves are weighted where the booster is DART; the base score comes before the link.</summary>
internal sealed class XgboostReference : SourceReference
{
    private readonly double[] _bases;
    private readonly bool _isLogistic;

    /// <param name="json">A file that the converter accepted.</param>
    public XgboostReference(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
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
        float[] weightOf = isDart ? [.. booster.GetProperty("weight_drop").EnumerateArray().Select(w => w.GetSingle())] : [];
        Trees = [.. model.GetProperty("trees").EnumerateArray().Select((tree, t) => new ParsedTree(tree, outputOf[t], isDart ? weightOf[t] : 1))];
        _bases = Bases(parameters.GetProperty("base_score").GetString()!);
    }

    public override int FeatureCount { get; }

    public override int OutputCount { get; }

    public override IReadOnlyList<SourceTree> Trees { get; }

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

    private double[] Bases(string text)
    {
        string list = text.StartsWith('[') ? text[1..^1] : text;
        double[] scores = [.. list.Split(',').Select(part => double.Parse(part, NumberStyles.Float, CultureInfo.InvariantCulture))];
        return _isLogistic ? Array.ConvertAll(scores, p => Math.Log(p) - Math.Log(1 - p)) : scores;
    }

    private sealed class ParsedTree : SourceTree
    {
        private readonly int[] _left;
        private readonly int[] _right;
        private readonly int[] _feature;
        private readonly float[] _condition;
        private readonly bool[] _missingLeft;
        private readonly float _weight;

        public ParsedTree(JsonElement tree, int output, float weight)
        {
            _left = Numbers(tree, "left_children");
            _right = Numbers(tree, "right_children");
            _feature = Numbers(tree, "split_indices");
            _condition = [.. tree.GetProperty("split_conditions").EnumerateArray().Select(c => c.GetSingle())];
            _missingLeft = [.. tree.GetProperty("default_left").EnumerateArray()
                .Select(d => d.ValueKind == JsonValueKind.True || (d.ValueKind == JsonValueKind.Number && d.GetInt32() != 0))];
            (Output, _weight) = (output, weight);
            Splits = [.. Reach()];
        }

        public override int Output { get; }

        public override IReadOnlyList<SourceSplit> Splits { get; }

        public override double Leaf(ReadOnlySpan<float> row)
        {
            int node = 0;
            while (_left[node] != -1)
            {
                float value = row[_feature[node]];
                bool goesLeft = float.IsNaN(value) ? _missingLeft[node] : value < _condition[node];
                node = goesLeft ? _left[node] : _right[node];
            }

            return (double)_condition[node] * _weight;
        }

        private IEnumerable<SourceSplit> Reach()
        {
            int count = 0;
            Queue<(int Node, int Parent, bool IsLeft)> open = new([(0, -1, false)]);
            while (open.TryDequeue(out (int Node, int Parent, bool IsLeft) at))
            {
                if (_left[at.Node] == -1)
                {
                    continue;
                }

                if (count == _left.Length)
                {
                    throw new FormatException("the nodes of a tree lead back to themselves");
                }

                yield return new SourceSplit(_feature[at.Node], _condition[at.Node], at.Parent, at.IsLeft);
                open.Enqueue((_left[at.Node], count, true));
                open.Enqueue((_right[at.Node], count, false));
                count++;
            }
        }

        private static int[] Numbers(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
    }
}
