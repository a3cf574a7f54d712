using Relay.Training.Importing.Proof;
using Relay.Training.Trees;

namespace Relay.Training.Importing;

/// <summary>Trees of another framework in our form, with what the file says of their inputs.</summary>
/// <param name="FeatureNames">In the order of the trees' feature numbers; null where the file names none.</param>
/// <param name="Reference">The source's own answers, computed from the file by other code.</param>
/// <param name="Notes">What an admin should know, one sentence each.</param>
internal sealed record SourceModel(
    TreeEnsemble Ensemble, IReadOnlyList<string>? FeatureNames, SourceReference Reference, IReadOnlyList<string> Notes);
