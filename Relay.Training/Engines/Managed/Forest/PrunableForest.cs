using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>A forest that gives smaller ones without growing them anew: fewer of its trees, each with fewer leaves. They are the forests that
/// the same parameters with fewer <c>trees</c> and <c>leaves</c> grow, bit by bit.</summary>
internal sealed record PrunableForest(IReadOnlyList<PrunableTree> Trees, float[] BaseValues, int FeatureCount)
{
    /// <param name="trees">At most those that were grown.</param>
    /// <param name="leaves">Of a tree; null keeps all.</param>
    public TreeEnsemble Prune(int trees, int? leaves) => new(
        FeatureCount, BaseValues.Length, [.. Trees.Take(trees).Select(t => t.Prune(leaves ?? int.MaxValue, trees, null))], BaseValues, Link.None);
}
