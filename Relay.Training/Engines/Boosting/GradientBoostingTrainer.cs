using Relay.Training.Engines.Binning;
using Relay.Training.Engines.Boosting;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Relay.Training.Engines;

/// <summary>Gradient boosting of the log-loss by second-order trees on histograms: one tree per class and round with softmax,
/// one per round with a logistic link for two classes.</summary>
/// <param name="threads">Null takes the machine's processors. The ensemble does not depend on it.</param>
public sealed class GradientBoostingTrainer(int? threads = null) : IEnsembleTrainer
{
    public bool TakesBins => true;

    public TreeEnsemble Train(
        TrainingSet set, ModelParameters parameters, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        BoostingParameters resolved = BoostingParameters.From(parameters);
        int workers = threads ?? Environment.ProcessorCount;
        int outputs = set.ClassCount == 2 ? 1 : set.ClassCount;
        BinnedRows data = BinnedRows.Create(set, workers, progress, cancellationToken);
        float[] baseValues = BaseValues(set);
        float[][] margins = [.. baseValues.Select(score => Filled(data.RowCount, score))];
        using GradientTable gradients = new(data.RowCount, outputs);
        Objective objective = new(data, gradients, margins);
        using BoostingGrower grower = new(data, resolved, gradients, margins, workers);
        List<Tree> trees = new(resolved.Rounds * outputs);
        for (int round = 0; round < resolved.Rounds; round++)
        {
            GradientSum[] sums = objective.Derive(workers, cancellationToken);
            foreach (BoostingNode root in grower.Grow(sums, cancellationToken))
            {
                trees.Add(Finish(root, data));
            }

            progress?.Report(new TrainingProgress("fit", round + 1, resolved.Rounds));
        }

        return new TreeEnsemble(
            set.FeatureCount, outputs, trees, baseValues, outputs == 1 ? Link.Sigmoid : Link.Softmax);
    }

    // Log shares of the classes: rare classes do not spend their first rounds on learning that they are rare.
    private static float[] BaseValues(TrainingSet set)
    {
        double[] rows = new double[set.ClassCount];
        foreach (int label in set.Labels)
        {
            rows[label]++;
        }

        double[] logShares = [.. rows.Select(count => Math.Log(Math.Max(count, 1) / set.RowCount))];
        return set.ClassCount == 2 ? [(float)(logShares[1] - logShares[0])] : [.. logShares.Select(share => (float)share)];
    }

    private static float[] Filled(int count, float value)
    {
        float[] values = new float[count];
        values.AsSpan().Fill(value);
        return values;
    }

    private static Tree Finish(BoostingNode root, BinnedRows data)
    {
        TreeBuilder tree = new(root.Tree, 1);
        Add(root);
        return tree.Build();

        void Add(BoostingNode node)
        {
            if (node.Left is null || node.Right is null)
            {
                tree.AddLeaf([node.LeafValue]);
                return;
            }

            GainSplit split = node.Split;
            bool missingLeft = split.HasMissing ? split.MissingLeft : node.Left.Weight >= node.Right.Weight;
            int at = tree.AddSplit(
                data.Features[split.Column], data.Bins[split.Column].Threshold(split.LastLeftBin), missingLeft);
            Add(node.Left);
            tree.SetRight(at);
            Add(node.Right);
        }
    }
}
