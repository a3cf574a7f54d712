using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>The columns that trees may split by, where a spec names some. Trainers see a set of these columns alone; in the ensemble
/// they have the numbers that they have among all.</summary>
internal sealed class FeatureSubset
{
    private readonly int[] _kept;
    private readonly int _all;

    private FeatureSubset(int[] kept, int all) => (_kept, _all) = (kept, all);

    /// <returns>Null where all columns may be split by.</returns>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>: no such column.</exception>
    public static FeatureSubset? Find(ModelParameters parameters, TrainingSet set)
    {
        if (parameters.Features is not { } features)
        {
            return null;
        }

        HashSet<string> wanted = new(features, StringComparer.Ordinal);
        int[] kept = [.. Enumerable.Range(0, set.FeatureCount).Where(c => set.Names is { } names && wanted.Contains(names[c]))];
        return kept.Length > 0
            ? new FeatureSubset(kept, set.FeatureCount)
            : throw new TrainingException(TrainingFault.InvalidSpec, "spec, parameters.features: none of them is a column of the rows");
    }

    /// <summary>Trains on the columns that the parameters name.</summary>
    /// <exception cref="TrainingException">As <see cref="IEnsembleTrainer.Train"/>.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public static TreeEnsemble Train(
        IEnsembleTrainer trainer, TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken) => Find(parameters, set) is { } subset
        ? subset.Expand(trainer.Train(subset.Select(set), subset.Select(parameters), progress, cancellationToken))
        : trainer.Train(set, parameters, progress, cancellationToken);

    public TrainingSet Select(TrainingSet set) => set with
    {
        Columns = [.. _kept.Select(c => set.Columns[c])],
        Names = [.. _kept.Select(c => set.Names![c])],
    };

    /// <summary>The parameters without columns that the trainer does not see.</summary>
    public ModelParameters Select(ModelParameters parameters) => parameters with
    {
        Features = null,
        Monotone = parameters.Monotone?.Where(pair => parameters.Features!.Contains(pair.Key, StringComparer.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
    };

    /// <summary>An ensemble over the kept columns as one over all.</summary>
    public TreeEnsemble Expand(TreeEnsemble ensemble) => ensemble with
    {
        FeatureCount = _all,
        Trees = [.. ensemble.Trees.Select(tree => tree.OverColumns(_kept))],
        Importance = ensemble.Importance is { } shares ? Expand(shares) : null,
    };

    private double[] Expand(IReadOnlyList<double> shares)
    {
        double[] all = new double[_all];
        for (int i = 0; i < _kept.Length; i++)
        {
            all[_kept[i]] = shares[i];
        }

        return all;
    }
}
