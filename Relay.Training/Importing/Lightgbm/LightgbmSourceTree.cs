using System.Globalization;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Lightgbm;

/// <summary>One tree by the rules of the library. A value goes left when it is at most the threshold (Tree::NumericalDecision); bits 2 and 3 of the
/// decision type say whether zero or NaN stands for missing, and bit 1 where missing goes. Bit 0 marks a split by a set of categories
/// (Tree::CategoricalDecision): the value is cut to a whole number of 32 bits, and goes left when the set has its bit.</summary>
internal sealed class LightgbmSourceTree : SourceTree
{
    // kZeroThreshold of the library is a float; matrices are read with everything as close to zero as zero.
    private const double ZeroThreshold = 1e-35f;

    private readonly double[] _leafValue;
    private readonly double[] _threshold;
    private readonly int[] _feature;
    private readonly int[] _decision;
    private readonly int[] _left;
    private readonly int[] _right;
    private readonly double _factor;
    private readonly int[] _setStart = [];
    private readonly uint[] _setBits = [];

    public LightgbmSourceTree(Dictionary<string, string> members, int output, double factor)
    {
        _leafValue = Doubles("leaf_value");
        (Output, _factor) = (output, factor);
        bool isLeaf = _leafValue.Length == 1;
        _threshold = isLeaf ? [] : Doubles("threshold");
        _feature = isLeaf ? [] : Integers("split_feature");
        _decision = isLeaf ? [] : Integers("decision_type");
        _left = isLeaf ? [] : Integers("left_child");
        _right = isLeaf ? [] : Integers("right_child");
        if (Array.Exists(_decision, d => (d & 1) == 1))
        {
            _setStart = Integers("cat_boundaries");
            _setBits = [.. Cells("cat_threshold").Select(c => uint.Parse(c, CultureInfo.InvariantCulture))];
        }

        Splits = [.. FromRoot()];

        double[] Doubles(string name) => [.. Cells(name).Select(
                c => c == "inf" ? double.PositiveInfinity : double.Parse(c, NumberStyles.Float, CultureInfo.InvariantCulture))];
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
        if ((_decision[node] & 1) == 1)
        {
            // As the conversion of the processor: beyond 32 bits it is the most negative number.
            bool fits = value is > int.MinValue - 1.0 and < int.MaxValue + 1.0;
            return fits && (int)value >= 0 && HasBit((int)_threshold[node], (int)value);
        }

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

    private bool HasBit(int set, int code)
    {
        int size = _setStart[set + 1] - _setStart[set];
        return code / 32 < size && ((_setBits[_setStart[set] + (code / 32)] >> (code % 32)) & 1) == 1;
    }

    private SourceSet? SetOf(int node)
    {
        if ((_decision[node] & 1) == 0)
        {
            return null;
        }

        int set = (int)_threshold[node];
        int bits = 32 * (_setStart[set + 1] - _setStart[set]);
        return new SourceSet([.. Enumerable.Range(0, bits).Where(code => HasBit(set, code))], GoesLeft: true, MissingLeft: false);
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

                yield return new SourceSplit(_feature[at.Node], _threshold[at.Node], at.Parent, at.IsLeft) { Set = SetOf(at.Node) };
                open.Enqueue((_left[at.Node], count, true));
                open.Enqueue((_right[at.Node], count, false));
                count++;
            }
        }
    }
}
