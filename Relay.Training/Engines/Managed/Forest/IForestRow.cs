namespace Relay.Training.Engines.Managed.Forest;

/// <summary>One binned row in the bag of a tree, with what all of its draws add up to. The kinds differ in what they need to
/// keep: the bag is read at every node, so that each byte of it costs time.</summary>
internal interface IForestRow<TSelf>
    where TSelf : struct, IForestRow<TSelf>
{
    /// <summary>Whether <see cref="Weight"/> is anything but <see cref="Draws"/>.</summary>
    static abstract bool IsWeighted { get; }

    /// <summary>Index among the binned rows.</summary>
    int Row { get; }

    /// <summary>Which of a node's sums the row adds to: its class, or 0 for a number.</summary>
    int Slot { get; }

    /// <summary>How often it was drawn.</summary>
    int Draws { get; }

    /// <summary>How much it counts, in fixed point.</summary>
    long Weight { get; }

    /// <summary>What it adds to its slot: its weight, or its weight times its number, in fixed point.</summary>
    long Value { get; }

    static abstract TSelf Create(int row, int slot, int draws, long weight, long value);
}

/// <summary>A row of a class where all rows count alike.</summary>
internal readonly record struct CountedRow(int Row, int Slot, int Draws) : IForestRow<CountedRow>
{
    public static bool IsWeighted => false;

    public long Weight => Draws;

    public long Value => Draws;

    public static CountedRow Create(int row, int slot, int draws, long weight, long value) => new(row, slot, draws);
}

/// <summary>A row of a class with a weight of its own.</summary>
internal readonly record struct WeightedRow(int Row, int Slot, int Draws, long Weight) : IForestRow<WeightedRow>
{
    public static bool IsWeighted => true;

    public long Value => Weight;

    public static WeightedRow Create(int row, int slot, int draws, long weight, long value) => new(row, slot, draws, weight);
}

/// <summary>A row with a number to learn.</summary>
internal readonly record struct TargetRow(int Row, int Draws, long Weight, long Value) : IForestRow<TargetRow>
{
    public static bool IsWeighted => true;

    public int Slot => 0;

    public static TargetRow Create(int row, int slot, int draws, long weight, long value) => new(row, draws, weight, value);
}
