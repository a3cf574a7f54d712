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

    /// <summary>See <see cref="EnsembleMemory"/>; null: what the machine has.</summary>
    internal long? MemoryBytes { get; init; }

    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        Train(set, ForestParameters.From(parameters), progress, cancellationToken);

    internal TreeEnsemble Train(
        TrainingSet set, ForestParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ForestData data = Prepare(set, progress, cancellationToken);
        ImportanceAccumulator importance = new(data.Rows.ColumnCount);
        Tree[] trees = data switch
        {
            { Values: not null } => Grow<TargetRow>(data, parameters, importance, progress, cancellationToken),
            { SampleWeights: not null } => Grow<WeightedRow>(data, parameters, importance, progress, cancellationToken),
            _ => Grow<CountedRow>(data, parameters, importance, progress, cancellationToken),
        };
        return new TreeEnsemble(set.FeatureCount, data.Slots, trees, BaseValuesOf(data), Link.None)
        {
            Importance = importance.OfFeatures(data.Rows.Features, set.FeatureCount),
        };
    }

    /// <summary>Grows a forest that gives smaller ones.</summary>
    internal PrunableForest GrowPrunable(
        TrainingSet set, ForestParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ForestData data = Prepare(set, progress, cancellationToken);
        PrunableTree[] trees = data switch
        {
            { Values: not null } => GrowPrunable<TargetRow>(data, parameters, progress, cancellationToken),
            { SampleWeights: not null } => GrowPrunable<WeightedRow>(data, parameters, progress, cancellationToken),
            _ => GrowPrunable<CountedRow>(data, parameters, progress, cancellationToken),
        };
        return new PrunableForest(trees, BaseValuesOf(data), set.FeatureCount);
    }

    private ForestData Prepare(TrainingSet set, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        TrainingSetChecks.RequireTwoRows(set);
        BinnedRows rows = BinnedRows.Create(set, threads ?? Environment.ProcessorCount, progress, cancellationToken);
        rows.DropRows();
        return ForestData.Create(set, rows);
    }

    private static float[] BaseValuesOf(ForestData data)
    {
        float[] baseValues = new float[data.Slots];
        baseValues.AsSpan().Fill(data.Center);
        return baseValues;
    }

    private Tree[] Grow<TRow>(
        ForestData data, ForestParameters parameters, ImportanceAccumulator importance, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
        where TRow : struct, IForestRow<TRow>
    {
        EnsembleMemory memory = EnsembleMemory.Create(MemoryBytes);
        if (parameters.Leaves is not { } leaves)
        {
            return Grow(
                data, parameters, () => new ForestTreeGrower<TRow>(data, parameters, importance),
                (grower, t) =>
                {
                    Tree tree = grower.Grow(t, cancellationToken);
                    memory.Add(tree);
                    return tree;
                },
                progress, cancellationToken);
        }

        return Grow(
            data, parameters, () => new ForestTreeGrower<TRow>(data, parameters, importance, new NodeLog()),
            (grower, t) =>
            {
                double[] kept = new double[data.Rows.ColumnCount];
                Tree tree = grower.GrowPrunable(t, cancellationToken).Prune(leaves, parameters.Trees, kept);
                importance.Add(kept);
                memory.Add(tree);
                return tree;
            },
            progress, cancellationToken);
    }

    private PrunableTree[] GrowPrunable<TRow>(
        ForestData data, ForestParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        where TRow : struct, IForestRow<TRow>
    {
        ImportanceAccumulator unused = new(data.Rows.ColumnCount);
        EnsembleMemory memory = EnsembleMemory.Create(MemoryBytes);
        return Grow(
            data, parameters, () => new ForestTreeGrower<TRow>(data, parameters, unused, new NodeLog()),
            (grower, t) =>
            {
                PrunableTree tree = grower.GrowPrunable(t, cancellationToken);
                memory.Add(tree.NodeCount, tree.Bytes);
                return tree;
            },
            progress, cancellationToken);
    }

    private TTree[] Grow<TGrower, TTree>(
        ForestData data, ForestParameters parameters, Func<TGrower> create, Func<TGrower, int, TTree> grow, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        TTree[] trees = new TTree[parameters.Trees];
        int grown = 0;
        WorkerLoop.Run(
            trees.Length,
            data.Rows.Shards.Size > 1 ? 1 : threads ?? Environment.ProcessorCount,
            create,
            (grower, t) =>
            {
                trees[t] = grow(grower, t);
                progress?.Report(new TrainingProgress("fit", Interlocked.Increment(ref grown), trees.Length));
            },
            cancellationToken);
        return trees;
    }
}
