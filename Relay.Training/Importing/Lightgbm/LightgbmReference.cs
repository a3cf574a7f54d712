using System.Globalization;
using System.Text;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>What LightGBM answers, by the rules of its predictor (Tree::NumericalDecision and GBDT::Predict), in double: a value goes left when it is
/// at most the threshold; bits 2 and 3 of the decision type say whether zero or NaN stands for missing, and bit 1 where missing goes.</summary>
internal sealed class LightgbmReference : SourceReference
{
    // kZeroThreshold of the library is a float; matrices are read with everything as close to zero as zero.
    private const double ZeroThreshold = 1e-35f;

    private readonly string _objective = "";
    private readonly double _sigmoid = 1;
    private readonly bool _isMean;

    /// <param name="file">A file that the converter accepted.</param>
    public LightgbmReference(byte[] file)
    {
        using StreamReader lines = new(new MemoryStream(file, writable: false), Encoding.UTF8);
        List<Dictionary<string, string>> trees = [];
        Dictionary<string, string> now = new(StringComparer.Ordinal);
        Dictionary<string, string> header = now;
        while (lines.ReadLine() is { } line && line != "end of trees")
        {
            string[] pair = line.Split('=', 2);
            if (pair[0] == "Tree")
            {
                now = new(StringComparer.Ordinal);
                trees.Add(now);
            }

            now[pair[0]] = pair.Length == 2 ? pair[1] : "";
        }

        FeatureCount = int.Parse(header["max_feature_idx"], CultureInfo.InvariantCulture) + 1;
        OutputCount = int.Parse(header["num_tree_per_iteration"], CultureInfo.InvariantCulture);
        foreach (string word in header.GetValueOrDefault("objective", "").Split(' '))
        {
            _objective = _objective.Length == 0 ? word : _objective;
            _sigmoid = word.StartsWith("sigmoid:", StringComparison.Ordinal) ? double.Parse(word[8..], CultureInfo.InvariantCulture) : _sigmoid;
        }

        _isMean = header.ContainsKey("average_output");
        double factor = (_objective == "binary" ? _sigmoid : 1) / (_isMean ? trees.Count / OutputCount : 1);
        Trees = [.. trees.Select((tree, t) => new ParsedTree(tree, t % OutputCount, factor))];
    }

    public override int FeatureCount { get; }

    public override int OutputCount { get; }

    public override IReadOnlyList<SourceTree> Trees { get; }

    public override double Base(int output) => 0;

    public override double[] Answer(ReadOnlySpan<double> sums)
    {
        switch (_objective)
        {
            case "binary":
                double positive = 1 / (1 + Math.Exp(-sums[0]));
                return [1 - positive, positive];
            case "multiclass":
                double[] answer = sums.ToArray();
                double highest = answer.Max();
                double total = 0;
                for (int k = 0; k < answer.Length; k++)
                {
                    total += answer[k] = Math.Exp(answer[k] - highest);
                }

                return Array.ConvertAll(answer, a => a / total);
            default:
                return [sums[0]];
        }
    }

    private sealed class ParsedTree : SourceTree
    {
        private readonly double[] _leafValue;
        private readonly double[] _threshold;
        private readonly int[] _feature;
        private readonly int[] _decision;
        private readonly int[] _left;
        private readonly int[] _right;
        private readonly double _factor;

        public ParsedTree(Dictionary<string, string> members, int output, double factor)
        {
            _leafValue = Doubles("leaf_value");
            (Output, _factor) = (output, factor);
            bool isLeaf = _leafValue.Length == 1;
            _threshold = isLeaf ? [] : Doubles("threshold");
            _feature = isLeaf ? [] : Integers("split_feature");
            _decision = isLeaf ? [] : Integers("decision_type");
            _left = isLeaf ? [] : Integers("left_child");
            _right = isLeaf ? [] : Integers("right_child");
            Splits = [.. FromRoot()];

            double[] Doubles(string name) => [.. Cells(name).Select(c => double.Parse(c, NumberStyles.Float, CultureInfo.InvariantCulture))];
            int[] Integers(string name) => [.. Cells(name).Select(c => int.Parse(c, CultureInfo.InvariantCulture))];
            string[] Cells(string name) => members[name].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        public override int Output { get; }

        public override IReadOnlyList<SourceSplit> Splits { get; }

        public override double Leaf(ReadOnlySpan<float> row)
        {
            int node = _feature.Length == 0 ? -1 : 0;
            while (node >= 0)
            {
                node = GoesLeft(row[_feature[node]], node) ? _left[node] : _right[node];
            }

            return _leafValue[~node] * _factor;
        }

        private bool GoesLeft(double value, int node)
        {
            int missing = (_decision[node] >> 2) & 3;
            bool isDefaultLeft = (_decision[node] & 2) != 0;
            if (double.IsNaN(value) && missing != 2)
            {
                value = 0;
            }

            if (Math.Abs(value) <= ZeroThreshold)
            {
                value = 0;
            }

            return (missing == 1 && value == 0) || (missing == 2 && double.IsNaN(value)) ? isDefaultLeft : value <= _threshold[node];
        }

        private IEnumerable<SourceSplit> FromRoot()
        {
            Queue<(int Node, int Parent, bool IsLeft)> open = new(_feature.Length == 0 ? [] : [(0, -1, false)]);
            for (int count = 0; open.TryDequeue(out (int Node, int Parent, bool IsLeft) at);)
            {
                if (at.Node >= 0)
                {
                    if (count == _feature.Length)
                    {
                        throw new FormatException("the splits of a tree lead back to themselves");
                    }

                    yield return new SourceSplit(_feature[at.Node], _threshold[at.Node], at.Parent, at.IsLeft);
                    open.Enqueue((_left[at.Node], count, true));
                    open.Enqueue((_right[at.Node], count, false));
                    count++;
                }
            }
        }
    }
}
