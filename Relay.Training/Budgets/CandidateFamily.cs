using Relay.Training.Engines;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>The models that one training gives: a forest of fewer trees, or rounds of boosting that ended earlier, need no training of their
/// own.</summary>
/// <param name="members">Per model, the parameters that train it.</param>
/// <param name="subset">The columns that its trees know; null for all.</param>
internal abstract class CandidateFamily(IReadOnlyList<ModelParameters> members, FeatureSubset? subset)
{
    public IReadOnlyList<ModelParameters> Members => members;

    /// <summary>The rows with the columns that <see cref="CreateScorer"/> reads.</summary>
    public TrainingSet Select(TrainingSet rows) => subset?.Select(rows) ?? rows;

    public abstract ICandidateScorer CreateScorer();

    /// <summary>The next larger models of the family, by which luck of one model shows.</summary>
    public abstract IEnumerable<int> NextLarger(int member);

    /// <summary>A model over all columns.</summary>
    public TreeEnsemble Create(int member) => subset?.Expand(CreateOverOwn(member)) ?? CreateOverOwn(member);

    /// <summary>A model over the columns of <see cref="Select"/>.</summary>
    protected abstract TreeEnsemble CreateOverOwn(int member);
}
