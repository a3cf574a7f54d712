using System.Text.Json;
using Relay.Training.Importing.Proof;

namespace Relay.Training.Importing.Xgboost;

/// <summary>One tree by the rules of the library (GetNextNode): a value goes left when it is below the threshold, both float32, and a missing
/// one where the node says. At a set of categories the value is cut to a whole number, and goes right when the set has it
/// (common::Decision).</summary>
internal sealed class XgboostSourceTree : SourceTree
{
    private readonly int[] _left;
    private readonly int[] _right;
    private readonly int[] _feature;
    private readonly float[] _condition;
    private readonly bool[] _missingLeft;
    private readonly float _weight;

    // By node, the bits of its set.
    private readonly Dictionary<int, HashSet<int>> _sets = [];

    public XgboostSourceTree(JsonElement tree, int output, float weight)
    {
        _left = Numbers(tree, "left_children");
        _right = Numbers(tree, "right_children");
        _feature = Numbers(tree, "split_indices");
        _condition = [.. tree.GetProperty("split_conditions").EnumerateArray()
            .Select(c => c.ValueKind == JsonValueKind.Null ? float.NaN : c.GetSingle())];
        _missingLeft = [.. tree.GetProperty("default_left").EnumerateArray()
            .Select(d => d.ValueKind == JsonValueKind.True || (d.ValueKind == JsonValueKind.Number && d.GetInt32() != 0))];
        (Output, _weight) = (output, weight);
        if (tree.TryGetProperty("categories_nodes", out JsonElement nodes) && nodes.GetArrayLength() > 0)
        {
            int[] categories = Numbers(tree, "categories");
            int[] starts = Numbers(tree, "categories_segments");
            int[] sizes = Numbers(tree, "categories_sizes");
            foreach ((int set, JsonElement node) in nodes.EnumerateArray().Index())
            {
                _sets[node.GetInt32()] = [.. categories.AsSpan(starts[set], sizes[set])];
            }
        }

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
            bool goesLeft = float.IsNaN(value) ? _missingLeft[node]
                : _sets.TryGetValue(node, out HashSet<int>? set) ? IsNotIn(set, value)
                : value < _condition[node];
            node = goesLeft ? _left[node] : _right[node];
        }

        return (double)_condition[node] * _weight;
    }

    // What can be no category counts as one that is not chosen.
    private static bool IsNotIn(HashSet<int> set, float value) => value < 0 || value >= 16777216f || !set.Contains((int)value);

    private SourceSet? SetOf(int node) =>
        _sets.TryGetValue(node, out HashSet<int>? set) ? new SourceSet([.. set.Order()], GoesLeft: false, _missingLeft[node]) : null;

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

            yield return new SourceSplit(_feature[at.Node], _condition[at.Node], at.Parent, at.IsLeft) { Set = SetOf(at.Node) };
            open.Enqueue((_left[at.Node], count, true));
            open.Enqueue((_right[at.Node], count, false));
            count++;
        }
    }

    private static int[] Numbers(JsonElement tree, string name) => [.. tree.GetProperty(name).EnumerateArray().Select(n => n.GetInt32())];
}
