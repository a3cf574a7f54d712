using Relay.Training.Engines.Common;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>Draws the columns that a tree may split by.</summary>
internal sealed class FeatureSampler(int columnCount, BoostingParameters parameters)
{
    private readonly int[] _all = [.. Enumerable.Range(0, columnCount)];
    private readonly int _drawn = Math.Clamp((int)Math.Round(parameters.FeatureFraction * columnCount), Math.Min(1, columnCount), columnCount);

    /// <param name="tree">Number of the tree in the ensemble.</param>
    public int[] Draw(int tree)
    {
        if (_drawn == columnCount)
        {
            return _all;
        }

        // Those with the lowest hashes, then in their own order, which breaks ties between splits as without sampling.
        HashSampler sampler = new(~parameters.Seed, tree, 1);
        int[] picked = [.. _all.OrderBy(column => sampler.Hash((ulong)column)).Take(_drawn)];
        Array.Sort(picked);
        return picked;
    }
}
