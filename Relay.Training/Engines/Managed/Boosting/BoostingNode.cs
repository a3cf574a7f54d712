namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>One node of a tree that grows; its rows are a part of the tree's row list.</summary>
internal sealed class BoostingNode
{
    /// <summary>Which of the round's trees.</summary>
    public required int Tree { get; init; }

    public required int Begin { get; init; }

    public required int End { get; init; }

    public required int Depth { get; init; }

    public required NodeTotals Totals { get; init; }

    /// <summary>What monotone constraints above leave for the values of its leaves.</summary>
    public ValueRange Range { get; init; } = ValueRange.Any;

    /// <summary>Sums per bin; null where they are not known yet or no longer needed.</summary>
    public Histogram? Histogram { get; set; }

    public GainSplit Split { get; set; } = GainSplit.None;

    /// <summary>Null on a leaf.</summary>
    public BoostingNode? Left { get; set; }

    public BoostingNode? Right { get; set; }

    public float LeafValue { get; set; }

    public int Rows => End - Begin;
}

/// <summary>Sums over the rows of a node that take part in the round.</summary>
/// <param name="Count">Rows of the training set.</param>
/// <param name="Weight">Their weights, see <see cref="IntegerWeights"/>.</param>
internal readonly record struct NodeTotals(GradientSum Sum, long Count, long Weight);

/// <summary>Sums of fixed-point gradients and hessians.</summary>
internal readonly record struct GradientSum(long Gradient, long Hessian)
{
    public static GradientSum operator +(GradientSum a, GradientSum b) => new(a.Gradient + b.Gradient, a.Hessian + b.Hessian);

    public static GradientSum operator -(GradientSum a, GradientSum b) => new(a.Gradient - b.Gradient, a.Hessian - b.Hessian);
}

/// <summary>Minimum and maximum of the value of a leaf, before the learning rate.</summary>
internal readonly record struct ValueRange(double Min, double Max)
{
    public static ValueRange Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool IsAny => this == Any;

    public double Clamp(double value) => Math.Clamp(value, Min, Max);
}

/// <summary>A split and what it gains; <see cref="Column"/> is -1 for none.</summary>
/// <param name="LastLeftBin">Rows of this bin and those below go left.</param>
/// <param name="HasMissing">Whether rows of the node miss the value, so that <paramref name="MissingLeft"/> was learned.</param>
internal readonly record struct GainSplit(
    double Gain, int Column, int LastLeftBin, bool MissingLeft, bool HasMissing, GradientSum Left)
{
    public static GainSplit None { get; } = new(0, -1, 0, false, false, default);
}
