using Relay.Training.Engines.Common.Categories;

namespace Relay.Training.Engines.Xgboost;

/// <summary>The sets of categories of one tree. A category in the set goes right; every other one, a negative one and one beyond 2^24 go left, and a
/// missing value where the node says (common::Decision).</summary>
internal sealed class XgboostSets
{
    private const int Categorical = 1;

    private readonly XgboostTree _source;
    private readonly Dictionary<int, (int Start, int Size)> _sets = [];

    private XgboostSets(XgboostTree source) => _source = source;

    /// <exception cref="TrainingException">With InvalidModelFile: lists that do not belong together, or not as the library writes them.</exception>
    public static XgboostSets Read(XgboostTree source, int tree)
    {
        XgboostSets sets = new(source);
        int[] nodes = source.CategoriesNodes ?? [];
        long[] starts = source.CategoriesSegments ?? [];
        long[] sizes = source.CategoriesSizes ?? [];
        int[] categories = source.Categories ?? [];
        long next = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            // One after the other: sets that overlap could take time without end.
            if (starts.Length != nodes.Length || sizes.Length != nodes.Length
                || starts[i] != next || sizes[i] < 1 || sizes[i] > categories.Length - next)
            {
                throw Refuse(
                    tree,
                    $"categories_segments and categories_sizes, entry {i}, are not one set after the other of {categories.Length} categories");
            }

            if (nodes[i] < 0 || nodes[i] >= source.LeftChildren.Length || (i > 0 && nodes[i] <= nodes[i - 1]) || !sets.IsBySet(nodes[i]))
            {
                throw Refuse(tree, $"categories_nodes, entry {i}: {nodes[i]} is no node with a set, or does not ascend");
            }

            sets._sets[nodes[i]] = ((int)next, (int)sizes[i]);
            next += sizes[i];
        }

        return next == categories.Length ? sets : throw Refuse(tree, $"categories: {categories.Length} of them, and its sets have {next}");
    }

    public bool IsBySet(int node) => _source.SplitType is { } types && node < types.Length && types[node] == Categorical;

    /// <exception cref="TrainingException">With InvalidModelFile: the node has no set, or categories that do not ascend or are too large.</exception>
    public CategorySet SetOf(int node, int tree)
    {
        if (!_sets.TryGetValue(node, out (int Start, int Size) segment))
        {
            throw Refuse(tree, $"node {node} splits by a set of categories, and categories_nodes has none for it");
        }

        int[] codes = _source.Categories![segment.Start..(segment.Start + segment.Size)];
        for (int i = 0; i < codes.Length; i++)
        {
            if (codes[i] < 0 || codes[i] >= CategorySets.MaxCodes || (i > 0 && codes[i] <= codes[i - 1]))
            {
                throw Refuse(tree, $"node {node}, category {i}: {codes[i]}, expected ascending codes from 0 and below {CategorySets.MaxCodes}");
            }
        }

        // Both zeros are category 0, and what is below them is none.
        float[] bounds = CategorySets.ToBounds(codes, zero: MathF.BitDecrement(0f));
        return new CategorySet(_source.SplitIndices[node], bounds, StartsLeft: true, _source.DefaultLeft[node].IsSet);
    }

    private static TrainingException Refuse(int tree, string why) => XgboostModelReader.Refuse($"tree {tree}: {why}");
}
