using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Managed.Boosting.Objectives;
using Shared.Contracts.Models;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>The state that rounds of boosting share; grows one round after another.</summary>
internal sealed class BoostingRun : IDisposable
{
    private readonly BinnedRows _data;
    private readonly BoostingParameters _parameters;
    private readonly int _threads;
    private readonly sbyte[]? _directions;
    private readonly RowSampler _rows;
    private readonly ValidationRows? _validation;
    private readonly float[][] _margins;
    private readonly GradientTable _gradients;
    private readonly GradientComputation _computation;
    private readonly FeatureSampler _columns;
    private readonly NodeHistograms _histograms;
    private readonly BoostingGrower _grower;

    public BoostingRun(
        TrainingSet set, BinnedRows data, ModelParameters given, BoostingParameters parameters, int threads,
        CancellationToken cancellationToken)
    {
        _data = data;
        _parameters = parameters;
        _threads = threads;
        IntegerWeights weights = new(data);
        bool[]? isValidation = parameters.EarlyStoppingRounds is null ? null : ValidationRows.Choose(data, parameters);
        _rows = new RowSampler(data, weights, isValidation, parameters);
        Objective = ObjectiveCatalog.Create(data, _rows, weights, set.ClassCount, parameters.StartScore);
        _validation = isValidation is null ? null : new ValidationRows(data, isValidation, Objective, weights);
        int outputs = Objective.BaseValues.Length;
        _directions = MonotoneDirections.Find(given, set, data.Features, outputs);
        _margins = [.. Objective.BaseValues.Select(_ => new float[data.RowCount])];
        bool isNarrow = Objective.GradientBoundBits == 0 && weights.Max <= GradientTable.MaxNarrowWeight(Objective.FractionBits);
        _gradients = new GradientTable(data.RowCount, outputs, isNarrow);
        _computation = new GradientComputation(data.RowCount, Objective, weights, _rows, _gradients, _margins, data.Shards);
        _columns = new FeatureSampler(data.ColumnCount, parameters);
        RowPartition nodeRows = new(data, _rows, _margins, threads);
        _histograms = new NodeHistograms(data, _gradients, nodeRows, threads, cancellationToken);
        _grower = new BoostingGrower(data, parameters, nodeRows, _histograms, threads);
    }

    public IObjective Objective { get; }

    /// <summary>Grows the trees of a round and adds them to the scores.</summary>
    /// <param name="round">From 0.</param>
    public GrownTree[] Grow(int round, CancellationToken cancellationToken)
    {
        _rows.Draw(round);
        (GradientSum[] sums, FixedPointScale scale) = _computation.Run(_threads, cancellationToken);
        (long count, long weight) = _rows.Total();
        BoostingNode[] roots = _grower.Grow(
            [.. sums.Select(sum => new NodeTotals(sum, count, weight))],
            [.. sums.Select((_, tree) => _columns.Draw((round * sums.Length) + tree))],
            new SplitFinder(_data, _parameters, scale, _directions),
            cancellationToken);
        return [.. roots.Select(root => GrownTree.From(root, _data))];
    }

    /// <summary>Adds trees of an earlier run to the scores, in their order.</summary>
    public void Resume(IReadOnlyList<GrownTree> trees, CancellationToken cancellationToken)
    {
        const int Block = 4096;
        BinnedTree[] binned = [.. trees.Select(grown => new BinnedTree(grown.Tree, _data))];
        WorkerLoop.Run((_data.RowCount + Block - 1) / Block, _threads, block =>
        {
            for (int t = 0; t < binned.Length; t++)
            {
                binned[t].AddTo(_margins[trees[t].Tree.Output], block * Block, Math.Min(_data.RowCount, (block + 1) * Block));
            }
        }, cancellationToken);
    }

    /// <summary>Mean loss of the validation rows; null where none are.</summary>
    public double? ValidationLoss(CancellationToken cancellationToken) => _validation?.Loss(_margins, _threads, cancellationToken);

    public void Dispose()
    {
        _histograms.Dispose();
        _gradients.Dispose();
    }
}
