using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Random forest (Breiman 2001): each tree on a bootstrap sample, each split the best of a random few columns, by Gini
/// impurity for classes and by variance for numbers. Leaves hold class shares, or the mean of the numbers less the base value,
/// divided by the number of trees, so that their sum is the mean.</summary>
/// <remarks>Weights count in impurities and leaves; draws of the bootstrap and <c>minSamples</c> count rows, as in scikit-learn.
/// Without the bootstrap, a whole weight gives what that many equal rows give. A group of one grows a tree on each thread;
/// several shards grow one tree after another, because all add up the same node at a time.</remarks>
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
        TrainingSetChecks.RequireTwoRows(set);
        BinnedRows rows = BinnedRows.Create(set, threads ?? Environment.ProcessorCount, progress, cancellationToken);
        rows.DropRows();
        ForestData data = ForestData.Create(set, rows);
        ImportanceAccumulator importance = new(rows.ColumnCount);
        Tree[] trees = data switch
        {
            { Values: not null } => Grow<TargetRow>(data, parameters, importance, progress, cancellationToken),
            { SampleWeights: not null } => Grow<WeightedRow>(data, parameters, importance, progress, cancellationToken),
            _ => Grow<CountedRow>(data, parameters, importance, progress, cancellationToken),
        };
        float[] baseValues = new float[data.Slots];
        baseValues.AsSpan().Fill(data.Center);
        return new TreeEnsemble(set.FeatureCount, data.Slots, trees, baseValues, Link.None)
        {
            Importance = importance.OfFeatures(rows.Features, set.FeatureCount),
        };
    }

    private Tree[] Grow<TRow>(
        ForestData data, ForestParameters parameters, ImportanceAccumulator importance, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
        where TRow : struct, IForestRow<TRow>
    {
        Tree[] trees = new Tree[parameters.Trees];
        int grown = 0;
        WorkerLoop.Run(
            trees.Length,
            data.Rows.Shards.Size > 1 ? 1 : threads ?? Environment.ProcessorCount,
            () => new ForestTreeGrower<TRow>(data, parameters, importance),
            (grower, t) =>
            {
                trees[t] = grower.Grow(t, cancellationToken);
                progress?.Report(new TrainingProgress("fit", Interlocked.Increment(ref grown), trees.Length));
            },
            cancellationToken);
        return trees;
    }
}
