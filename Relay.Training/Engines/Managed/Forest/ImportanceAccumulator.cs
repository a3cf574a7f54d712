namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Adds up how much each column lowered the impurity, tree by tree. Every tree counts alike, as in scikit-learn, and in
/// whole numbers, so that the order in which trees are done does not matter.</summary>
/// <param name="columns">Columns that were binned.</param>
internal sealed class ImportanceAccumulator(int columns)
{
    private const double Whole = 1L << 40;
    private readonly long[] _shares = new long[columns];

    /// <param name="gains">Per column, the fall of impurity by its splits in one tree.</param>
    public void Add(ReadOnlySpan<double> gains)
    {
        double total = 0;
        foreach (double gain in gains)
        {
            total += gain;
        }

        for (int c = 0; c < gains.Length && total > 0; c++)
        {
            Interlocked.Add(ref _shares[c], (long)Math.Round(gains[c] / total * Whole));
        }
    }

    /// <param name="features">Per column, the feature it is.</param>
    /// <returns>Per feature its share; all 0 where nothing was split.</returns>
    public double[] OfFeatures(int[] features, int featureCount)
    {
        double[] importance = new double[featureCount];
        double total = _shares.Sum();
        for (int c = 0; c < features.Length && total > 0; c++)
        {
            importance[features[c]] = _shares[c] / total;
        }

        return importance;
    }
}
