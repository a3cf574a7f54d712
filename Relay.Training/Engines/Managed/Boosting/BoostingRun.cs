using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Managed.Boosting.Objectives;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>The state that rounds of boosting share; grows one round after another.</summary>
internal sealed class BoostingRun : IDisposable
{
    private readonly BinnedRows data;
    private readonly BoostingParameters parameters;
    private readonly int threads;
    private readonly sbyte[]? directions;
    private readonly RowSampler rows;
    private readonly ValidationRows? validation;
    private readonly float[][] margins;
    private readonly GradientTable gradients;
    private readonly GradientComputation computation;
    private readonly FeatureSampler columns;
    private readonly NodeHistograms histograms;
    private readonly BoostingGrower grower;

    public BoostingRun(
        TrainingSet set, BinnedRows data, ModelParameters given, BoostingParameters parameters, int threads,
        CancellationToken cancellationToken)
    {
        this.data = data;
        this.parameters = parameters;
        this.threads = threads;
        IntegerWeights weights = new(data);
        bool[]? isValidation = parameters.EarlyStoppingRounds is null ? null : ValidationRows.Choose(data, parameters);
        rows = new RowSampler(data, weights, isValidation, parameters);
        Objective = ObjectiveCatalog.Create(data, rows, weights, set.ClassCount);
        validation = isValidation is null ? null : new ValidationRows(data, isValidation, Objective, weights);
        int outputs = Objective.BaseValues.Length;
        directions = MonotoneDirections.Find(given, set, data.Features, outputs);
        margins = [.. Objective.BaseValues.Select(_ => new float[data.RowCount])];
        bool isNarrow = Objective.GradientBoundBits == 0 && weights.Max <= GradientTable.MaxNarrowWeight(Objective.FractionBits);
        gradients = new GradientTable(data.RowCount, outputs, isNarrow);
        computation = new GradientComputation(data.RowCount, Objective, weights, rows, gradients, margins, data.Shards);
        columns = new FeatureSampler(data.ColumnCount, parameters);
        RowPartition nodeRows = new(data, rows, margins, threads);
        histograms = new NodeHistograms(data, gradients, nodeRows, threads, cancellationToken);
        grower = new BoostingGrower(data, parameters, nodeRows, histograms, threads);
    }

    public IObjective Objective { get; }

    /// <summary>Grows the trees of a round and adds them to the scores.</summary>
    /// <param name="round">From 0.</param>
    public GrownTree[] Grow(int round, CancellationToken cancellationToken)
    {
        rows.Draw(round);
        (GradientSum[] sums, FixedPointScale scale) = computation.Run(threads, cancellationToken);
        (long count, long weight) = rows.Total();
        BoostingNode[] roots = grower.Grow(
            [.. sums.Select(sum => new NodeTotals(sum, count, weight))],
            [.. sums.Select((_, tree) => columns.Draw((round * sums.Length) + tree))],
            new SplitFinder(data, parameters, scale, directions),
            cancellationToken);
        return [.. roots.Select(root => GrownTree.From(root, data))];
    }

    /// <summary>Adds trees of an earlier run to the scores, in their order.</summary>
    public void Resume(IReadOnlyList<GrownTree> trees, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        BinnedTree[] binned = [.. trees.Select(grown => new BinnedTree(grown.Tree, data))];
        WorkerLoop.Run((data.RowCount + Block - 1) / Block, threads, block =>
        {
            for (int t = 0; t < binned.Length; t++)
            {
                binned[t].AddTo(margins[trees[t].Tree.Output], block * Block, Math.Min(data.RowCount, (block + 1) * Block));
            }
        }, cancellationToken);
    }

    /// <summary>Mean loss of the validation rows; null where none are.</summary>
    public double? ValidationLoss(CancellationToken cancellationToken) => validation?.Loss(margins, threads, cancellationToken);

    public void Dispose()
    {
        histograms.Dispose();
        gradients.Dispose();
    }
}
