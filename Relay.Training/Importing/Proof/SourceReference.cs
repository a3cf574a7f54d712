namespace Relay.Training.Importing.Proof;

/// <summary>The answers of a model as the rules of its format say, computed from its file in the source's own precision. It shares no code
/// with the converter, so that an error of one does not hide in the other.</summary>
internal abstract class SourceReference
{
    public abstract int FeatureCount { get; }

    /// <summary>Sums of trees per row.</summary>
    public abstract int OutputCount { get; }

    public abstract IReadOnlyList<SourceTree> Trees { get; }

    /// <summary>What is added to the sum of the trees.</summary>
    public abstract double Base(int output);

    /// <summary>The texts that the file lists for the codes of a category, in code order; null where there is no such list.</summary>
    /// <param name="list">The number of the list in the file.</param>
    public virtual IReadOnlyList<string>? Texts(int list) => null;

    /// <summary>Turns sums into the answer: a probability for each class, or a number.</summary>
    public abstract double[] Answer(ReadOnlySpan<double> sums);

    /// <summary>The answer for a row.</summary>
    /// <param name="magnitude">The largest sum of absolute values of an output, which bounds the rounding of a sum in float32.</param>
    public double[] Answer(ReadOnlySpan<float> row, out double magnitude)
    {
        double[] sums = new double[OutputCount];
        double[] absolute = new double[OutputCount];
        foreach (SourceTree tree in Trees)
        {
            double value = tree.Leaf(row);
            sums[tree.Output] += value;
            absolute[tree.Output] += Math.Abs(value);
        }

        for (int k = 0; k < sums.Length; k++)
        {
            sums[k] += Base(k);
            absolute[k] += Math.Abs(Base(k));
        }

        magnitude = absolute.Max();
        return Answer(sums);
    }
}

/// <summary>One tree of a source.</summary>
internal abstract class SourceTree
{
    /// <summary>The sum that its leaves add to.</summary>
    public abstract int Output { get; }

    /// <summary>The splits, each after its parent.</summary>
    public abstract IReadOnlyList<SourceSplit> Splits { get; }

    /// <summary>What the leaf that a row ends in adds to the sum.</summary>
    public abstract double Leaf(ReadOnlySpan<float> row);
}

/// <param name="Threshold">As the source compares it.</param>
/// <param name="Parent">The index of the parent among the splits of the tree; -1 for the root.</param>
/// <param name="IsLeft">Whether the parent's left side leads here.</param>
internal readonly record struct SourceSplit(int Feature, double Threshold, int Parent, bool IsLeft)
{
    /// <summary>Where it splits by a set of categories instead of the threshold.</summary>
    public SourceSet? Set { get; init; }
}
