namespace Relay.Training.Engines.Managed.Forest;

/// <summary>The best split of a node so far; <see cref="Column"/> is -1 while there is none.</summary>
/// <param name="Score">Over both sides, the sum of their squared slots by their weight: the higher, the purer.</param>
/// <param name="LastLeftBin">Rows of this bin and those below go left.</param>
/// <param name="MissingLeft">Where missing values go: with none of them among the rows, to the heavier side.</param>
internal readonly record struct ForestSplit(double Score, int Column, int LastLeftBin, bool MissingLeft)
{
    public static ForestSplit None { get; } = new(double.NegativeInfinity, -1, 0, false);
}
