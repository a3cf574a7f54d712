using Relay.Training.Engines.Common.Categories;
using Relay.Training.Importing.Proof;
using Relay.Training.Trees;

namespace Relay.Training.Importing;

/// <summary>Trees of another framework in our form, with what the file says of their inputs.</summary>
/// <param name="Ensemble">Over the features of the file, and a column of each set behind them.</param>
/// <param name="Sets">The sets of categories that trees split by.</param>
/// <param name="FeatureNames">In the order of the trees' feature numbers; null where the file names none.</param>
/// <param name="Reference">The source's own answers, computed from the file by other code.</param>
/// <param name="Notes">What an admin should know, one sentence each.</param>
internal sealed record SourceModel(
    TreeEnsemble Ensemble, IReadOnlyList<CategorySet> Sets, IReadOnlyList<string>? FeatureNames, SourceTexts Texts, SourceReference Reference,
    IReadOnlyList<string> Notes)
{
    public int FeatureCount => Ensemble.FeatureCount - Sets.Count;
}
