namespace Relay.Training.Engines.Forest;

/// <summary>One row in the bag of a tree.</summary>
/// <param name="Row">Index among the binned rows.</param>
/// <param name="Weight">How often it was drawn.</param>
internal readonly record struct ForestRow(int Row, int Label, int Weight);

/// <summary>The best split of a node so far; <see cref="Column"/> is -1 while there is none.</summary>
/// <param name="Score">Sum over both sides of the squared class counts by the count: the higher, the purer.</param>
/// <param name="LastLeftBin">Rows of this bin and those below go left.</param>
internal readonly record struct GiniSplit(double Score, int Column, int LastLeftBin, bool MissingLeft)
{
    public static GiniSplit None { get; } = new(double.NegativeInfinity, -1, 0, false);
}
