using Relay.Training.Engines.Binning;
using Relay.Training.Engines.Forest;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Random forest (Breiman 2001): each tree on a bootstrap sample, each split the best of a random few columns by Gini
/// impurity. Leaves hold class shares divided by the number of trees, so that their sum is the mean.</summary>
/// <param name="threads">Null takes the machine's processors. The forest does not depend on it.</param>
public sealed class RandomForestTrainer(int? threads = null) : IEnsembleTrainer
{
    public bool TakesBins => true;

    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        Train(set, ForestParameters.From(parameters), progress, cancellationToken);

    internal TreeEnsemble Train(
        TrainingSet set, ForestParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int workers = threads ?? Environment.ProcessorCount;
        BinnedRows data = BinnedRows.Create(set, workers, progress, cancellationToken);
        data.DropRows();
        Tree[] trees = new Tree[parameters.Trees];
        int grown = 0;
        WorkerLoop.Run(
            trees.Length,
            workers,
            () => new ForestTreeGrower(data, set.FeatureCount, set.ClassCount, parameters),
            (grower, t) =>
            {
                trees[t] = grower.Grow(t, cancellationToken);
                progress?.Report(new TrainingProgress("fit", Interlocked.Increment(ref grown), trees.Length));
            },
            cancellationToken);
        return new TreeEnsemble(set.FeatureCount, set.ClassCount, trees, new float[set.ClassCount], Link.None);
    }
}
