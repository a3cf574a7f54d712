using Relay.Training.Trees;

namespace Relay.Training.Engines.Common.Categories;

/// <summary>A split by a set of categories as a function of their codes, which has two values and changes at each bound.</summary>
/// <param name="Feature">Whose categories the set has.</param>
/// <param name="Bounds">Ascending; a number at most a bound is before it.</param>
/// <param name="StartsLeft">Whether numbers up to the first bound go left, and with it those beyond the last.</param>
/// <param name="MissingLeft">Whether NaN goes left.</param>
internal sealed record CategorySet(int Feature, float[] Bounds, bool StartsLeft, bool MissingLeft)
{
    /// <summary>What a tree compares the column of a set with: 0 goes left, 1 right.</summary>
    public const float Threshold = 0.5f;

    /// <summary>One more than the largest code in the set; 0 for none.</summary>
    public int CodeCount => Bounds.Length == 0 ? 0 : (int)MathF.BitIncrement(Bounds[^1]);

    public bool Equals(CategorySet? other) => other is not null
        && (Feature, StartsLeft, MissingLeft) == (other.Feature, other.StartsLeft, other.MissingLeft) && Bounds.AsSpan().SequenceEqual(other.Bounds);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((Feature, StartsLeft, MissingLeft));
        foreach (float bound in Bounds)
        {
            hash.Add(bound);
        }

        return hash.ToHashCode();
    }

    /// <summary>The tree over one column, balanced, that adds the side to an output: 0 left, 1 right.</summary>
    /// <exception cref="InvalidOperationException">There is no bound, and NaN goes to the other side than all numbers.</exception>
    public Tree ToTree(int output)
    {
        TreeBuilder tree = new(output, leafWidth: 1);

        // NaN is led to the first piece of its side.
        int missing = MissingLeft == StartsLeft ? 0
            : Bounds.Length > 0 ? 1
            : throw new InvalidOperationException("Without a bound there is one side.");
        Add(0, Bounds.Length);
        return tree.Build();

        // Pieces between bounds; as deep as the logarithm of their number.
        void Add(int first, int last)
        {
            if (first == last)
            {
                tree.AddLeaf([(first % 2 == 0) == StartsLeft ? 0 : 1]);
                return;
            }

            int middle = (first + last) / 2;
            int split = tree.AddSplit(0, Bounds[middle], missing <= middle);
            Add(first, middle);
            tree.SetRight(split);
            Add(middle + 1, last);
        }
    }
}
