namespace Relay.Training.Trees;

/// <summary>What every engine yields and the one ONNX writer takes: trees whose leaf values add up to one raw score per
/// output, in tree order and in float32, base values last.</summary>
/// <param name="FeatureCount">Width of a row.</param>
/// <param name="OutputCount">Raw scores per row: the classes, or 1 for a logistic margin, a number or an anomaly score.</param>
/// <param name="BaseValues">One per output, added after all trees.</param>
/// <param name="Link">What turns raw scores into probabilities, a number or an anomaly score.</param>
public sealed record TreeEnsemble(
    int FeatureCount, int OutputCount, IReadOnlyList<Tree> Trees, float[] BaseValues, Link Link)
{
    public int NodeCount => Trees.Sum(t => t.NodeCount);

    /// <summary>A row that scores below this is an anomaly, one that scores this much or more is not; null where the ensemble
    /// does not judge so. scikit-learn calls it <c>offset_</c>.</summary>
    public float? Offset { get; init; }

    /// <summary>Per feature, its share of what all splits gained in training: they sum to 1, or are all 0 where nothing was
    /// split. Null where the trainer does not measure it. No part of what the ensemble predicts.</summary>
    public IReadOnlyList<double>? Importance { get; init; }

    /// <summary>Per tree and node how many rows of a sample ended there, 0 for a branch; null where that was not counted. No part of
    /// what the ensemble predicts: explanations weigh leaves by it.</summary>
    public IReadOnlyList<float[]>? LeafCounts { get; init; }
}

public enum Link
{
    /// <summary>The sums are the answer already: class probabilities or a number, where leaf values were divided by the number
    /// of trees.</summary>
    None,

    /// <summary>One raw score per class.</summary>
    Softmax,

    /// <summary>One raw score, the log-odds of class 1 of two.</summary>
    Sigmoid,

    /// <summary>One raw score per class, the log-odds of that class against all others: each becomes a probability of its own, and
    /// all are divided by their sum. Where every one of them underflows to 0 they stay 0.</summary>
    OneVersusAll,

    /// <summary>One raw score x, minus the mean path length over that of an average row: the answer is -(2^x), from -1 to 0,
    /// lower means more anomalous (Liu, Ting and Zhou 2008, signed as scikit-learn does).</summary>
    PathLength,
}

/// <summary>One tree as parallel arrays; node 0 is the root. A row goes left when its value is at most the threshold, right
/// when it is above, and where <see cref="MissingLeft"/> says when it is NaN.</summary>
public sealed class Tree
{
    /// <summary>Per node, the column it tests; -1 marks a leaf.</summary>
    public required int[] Feature { get; init; }

    /// <summary>Per node, a float32 that splits the training values as the trainer did (doubles were rounded down).</summary>
    public required float[] Threshold { get; init; }

    /// <summary>Per node, its left child; for a leaf, the index of its values.</summary>
    public required int[] Left { get; init; }

    /// <summary>Per node, its right child; unused for a leaf.</summary>
    public required int[] Right { get; init; }

    /// <summary>Per node, whether NaN goes left.</summary>
    public required bool[] MissingLeft { get; init; }

    /// <summary>The output that every leaf adds to, or -1 when a leaf holds one value for each output.</summary>
    public required int Output { get; init; }

    /// <summary>Leaf after leaf: one value, or one per output when <see cref="Output"/> is -1.</summary>
    public required float[] LeafValues { get; init; }

    public int NodeCount => Feature.Length;

    /// <summary>The same tree over other columns.</summary>
    /// <param name="columns">Per column that it tests, the one in its place.</param>
    public Tree OverColumns(int[] columns) => new()
    {
        Feature = Array.ConvertAll(Feature, column => column < 0 ? column : columns[column]),
        Threshold = Threshold,
        Left = Left,
        Right = Right,
        MissingLeft = MissingLeft,
        Output = Output,
        LeafValues = LeafValues,
    };
}
