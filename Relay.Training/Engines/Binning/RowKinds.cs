namespace Relay.Training.Engines.Binning;

/// <summary>What rows must agree in, besides their bins, to be merged: label, target and weight, numbered as kinds.</summary>
/// <param name="OfRow">Per row of the set its kind.</param>
/// <param name="First">Per kind the first row of it; null where a kind is a label.</param>
internal sealed record RowKinds(int[] OfRow, List<int>? First)
{
    public static RowKinds Of(TrainingSet set)
    {
        if (set.Targets is null && set.Weights is null)
        {
            return new RowKinds(set.Labels, null);
        }

        Dictionary<(int Label, float Target, float Weight), int> kinds = [];
        List<int> first = [];
        int[] ofRow = new int[set.RowCount];
        for (int row = 0; row < ofRow.Length; row++)
        {
            (int, float, float) key = (set.Labels[row], set.Targets?[row] ?? 0, set.Weights?[row] ?? 1);
            if (!kinds.TryGetValue(key, out ofRow[row]))
            {
                kinds.Add(key, first.Count);
                ofRow[row] = first.Count;
                first.Add(row);
            }
        }

        return new RowKinds(ofRow, first);
    }

    /// <summary>A value of the set for each merged row.</summary>
    /// <param name="merged">Per merged row its kind.</param>
    public T[] Pick<T>(T[] ofSet, int[] merged) => [.. merged.Select(kind => ofSet[First![kind]])];
}
