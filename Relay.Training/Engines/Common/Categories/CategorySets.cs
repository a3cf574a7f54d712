using System.Globalization;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Common.Categories;

/// <summary>Collects the sets of categories that the trees of a file split by: each distinct one becomes a column behind the features
/// of the file.</summary>
/// <param name="features">Features of the file.</param>
internal sealed class CategorySets(int features)
{
    /// <summary>Columns that they become. The scorer of nodes holds each twice, and 65,536 numbers per row.</summary>
    public const int MaxSets = 1 << 14;

    /// <summary>Bounds of all of them together: branches of their trees.</summary>
    public const int MaxBounds = 1 << 21;

    /// <summary>Categories of all sets of all splits together, equal ones too.</summary>
    public const int MaxListed = 1 << 22;

    /// <summary>Codes from this on are no whole numbers of float32 each.</summary>
    public const int MaxCodes = 1 << 24;

    private readonly Dictionary<CategorySet, int> _columns = [];
    private readonly List<CategorySet> _all = [];
    private int _bounds;
    private long _listed;

    /// <summary>In the order of their columns.</summary>
    public IReadOnlyList<CategorySet> All => _all;

    /// <summary>Counts the categories of the sets of a tree, before anything is made of them.</summary>
    /// <exception cref="TrainingException">With InvalidModelFile: more than are read.</exception>
    public void Count(long categories)
    {
        _listed += categories;
        if (_listed > MaxListed)
        {
            throw new TrainingException(
                TrainingFault.InvalidModelFile,
                $"model file: the sets of categories of its splits have more than {MaxListed} entries; train fewer or smaller trees");
        }
    }

    /// <returns>The column that trees compare with <see cref="CategorySet.Threshold"/>.</returns>
    /// <exception cref="TrainingException">With InvalidModelFile: more sets than can run.</exception>
    public int Add(CategorySet set)
    {
        if (_columns.TryGetValue(set, out int column))
        {
            return column;
        }

        _bounds += set.Bounds.Length;
        if (_all.Count == MaxSets || _bounds > MaxBounds)
        {
            throw new TrainingException(TrainingFault.InvalidModelFile, string.Create(
                CultureInfo.InvariantCulture,
                $"model file: its trees split by more than {MaxSets} different sets of categories, or by sets of more than {MaxBounds} ranges; ")
                + "train fewer or smaller trees, or encode categories of many values to numbers");
        }

        _all.Add(set);
        _columns[set] = features + _all.Count - 1;
        return features + _all.Count - 1;
    }

    /// <exception cref="TrainingException">With InvalidModelFile: a feature is split by sets here and by thresholds there.</exception>
    public void RequireApart(IEnumerable<Tree> trees)
    {
        HashSet<int> bySets = [.. _all.Select(set => set.Feature)];
        foreach (Tree tree in bySets.Count == 0 ? [] : trees)
        {
            int node = Array.FindIndex(tree.Feature, bySets.Contains);
            if (node >= 0)
            {
                throw new TrainingException(
                    TrainingFault.InvalidModelFile,
                    $"model file: feature {tree.Feature[node]} is split by sets of categories and by thresholds, expected one of both");
            }
        }
    }

    /// <summary>The bounds of a set of ascending codes.</summary>
    /// <param name="zero">The largest number before code 0.</param>
    public static float[] ToBounds(IEnumerable<int> codes, float zero)
    {
        List<float> bounds = [];
        int end = -1;
        foreach (int code in codes)
        {
            if (code == end)
            {
                bounds.RemoveAt(bounds.Count - 1);
            }
            else
            {
                bounds.Add(code == 0 ? zero : MathF.BitDecrement(code));
            }

            end = code + 1;
            bounds.Add(MathF.BitDecrement(end));
        }

        return [.. bounds];
    }
}
