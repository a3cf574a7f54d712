using Relay.Training.Engines.Common;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Draws the columns that a tree may split by.</summary>
internal sealed class FeatureSampler(int columnCount, BoostingParameters parameters)
{
    private readonly int[] all = [.. Enumerable.Range(0, columnCount)];
    private readonly int drawn = Math.Clamp((int)Math.Round(parameters.FeatureFraction * columnCount), Math.Min(1, columnCount), columnCount);

    /// <param name="tree">Number of the tree in the ensemble.</param>
    public int[] Draw(int tree)
    {
        if (drawn == columnCount)
        {
            return all;
        }

        // Those with the lowest hashes, then in their own order, which breaks ties between splits as without sampling.
        HashSampler sampler = new(~parameters.Seed, tree, 1);
        int[] picked = [.. all.OrderBy(column => sampler.Hash((ulong)column)).Take(drawn)];
        Array.Sort(picked);
        return picked;
    }
}
