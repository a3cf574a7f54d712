using Relay.Training.Engines.Common;
using Relay.Training.Engines.Common.Binning;
using Relay.Training.Engines.Common.Sharding;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Forest;

/// <summary>Grows single trees; one thread at a time uses it, for any number of trees in turn.</summary>
internal sealed class ForestTreeGrower<TRow>
    where TRow : struct, IForestRow<TRow>
{
    private readonly ForestData _data;
    private readonly BinnedRows _binned;
    private readonly ForestParameters _parameters;
    private readonly ImportanceAccumulator _importance;
    private readonly IShardGroup _shards;
    private readonly int _columnsPerSplit;
    private readonly ForestSplitFinder<TRow> _scan;
    private readonly BootstrapSampler<TRow> _bag;
    private readonly TRow[] _scratch;
    private readonly int[] _columnOrder;
    private readonly bool[] _goesLeft = new bool[256];
    private readonly NodeSums _node;
    private readonly float[] _leaf;
    private readonly double[] _gains;
    private readonly NodeLog? _log;
    private TreeBuilder _tree = null!;
    private RandomStream _random;
    private CancellationToken _cancellation;

    /// <param name="log">Takes what pruning needs of each node; null where no tree is pruned.</param>
    public ForestTreeGrower(ForestData data, ForestParameters parameters, ImportanceAccumulator importance, NodeLog? log = null)
    {
        _log = log;
        _data = data;
        _parameters = parameters;
        _importance = importance;
        _binned = data.Rows;
        _shards = _binned.Shards;
        _columnsPerSplit = parameters.ColumnsPerSplit(data.FeatureCount);

        // Others wait for every sum, so that shards add up as many columns at a time as will be tried in any case.
        _scan = new ForestSplitFinder<TRow>(_binned, data.Slots, parameters.MinSamplesLeaf, _shards.Size > 1 ? _columnsPerSplit : 1);
        _bag = new BootstrapSampler<TRow>(data);
        _scratch = new TRow[_binned.RowCount];
        _columnOrder = new int[_binned.ColumnCount];
        _node = new NodeSums(data.Slots);
        _leaf = new float[data.Slots];
        _gains = new double[_binned.ColumnCount];
    }

    public Tree Grow(int index, CancellationToken cancellationToken)
    {
        GrowNodes(index, cancellationToken);
        _importance.Add(_gains);
        return _tree.Build();
    }

    /// <summary>The same tree with what pruning needs. It adds nothing to the importance: what pruning keeps does.</summary>
    public PrunableTree GrowPrunable(int index, CancellationToken cancellationToken)
    {
        GrowNodes(index, cancellationToken);
        return _log!.Drain(_tree.Build(), _data.Slots);
    }

    private void GrowNodes(int index, CancellationToken cancellationToken)
    {
        _gains.AsSpan().Clear();
        _random = new RandomStream(_parameters.Seed, index);
        _cancellation = cancellationToken;
        for (int c = 0; c < _columnOrder.Length; c++)
        {
            _columnOrder[c] = c;
        }

        _tree = new TreeBuilder(_data.Values is null ? -1 : 0, _data.Slots);
        GrowNode(_bag.Fill(ref _random, _parameters.Bootstrap), 0);
    }

    private void GrowNode(Span<TRow> rows, int depth)
    {
        _cancellation.ThrowIfCancellationRequested();
        _node.Fill<TRow>(rows, _shards);
        ForestSplit split = depth < _parameters.Depth && _node.Draws >= _parameters.MinSamplesSplit && !IsPure(rows)
            ? FindSplit(rows)
            : ForestSplit.None;
        if (split.Column < 0)
        {
            AddLeaf();
            return;
        }

        _gains[split.Column] += Math.Max(0, split.Score - _node.Score);
        ColumnBins bins = _binned.Bins[split.Column];
        int leftRows = Partition(rows, _binned.ByColumn[split.Column], bins, split);
        _log?.Add(_node, _data.Unit, split);
        int at = _tree.AddSplit(_binned.Features[split.Column], bins.Threshold(split.LastLeftBin), split.MissingLeft);
        GrowNode(rows[..leftRows], depth + 1);
        _tree.SetRight(at);
        GrowNode(rows[leftRows..], depth + 1);
    }

    private bool IsPure(ReadOnlySpan<TRow> rows)
    {
        if (_binned.Targets is not { } targets)
        {
            return _node.Slots.Contains(_node.Weight);
        }

        (float min, float max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (ref readonly TRow row in rows)
        {
            (min, max) = (Math.Min(min, targets[row.Row]), Math.Max(max, targets[row.Row]));
            if (min < max && _shards.Size == 1)
            {
                return false;
            }
        }

        return _shards.Min(min) >= _shards.Max(max);
    }

    // As scikit-learn: columns that do not vary here do not count as tried.
    private ForestSplit FindSplit(ReadOnlySpan<TRow> rows)
    {
        ForestSplit best = ForestSplit.None;
        int tried = 0;
        for (int picked = 0; picked < _columnOrder.Length && tried < _columnsPerSplit;)
        {
            int first = picked;
            for (int end = Math.Min(_columnOrder.Length, first + Math.Min(_scan.Room, _columnsPerSplit - tried)); picked < end; picked++)
            {
                int pick = picked + _random.Below(_columnOrder.Length - picked);
                (_columnOrder[picked], _columnOrder[pick]) = (_columnOrder[pick], _columnOrder[picked]);
            }

            tried += _scan.Scan(rows, _columnOrder.AsSpan(first, picked - first), _node, ref best);
        }

        return best;
    }

    /// <returns>Rows on the left.</returns>
    private int Partition(Span<TRow> rows, byte[] column, ColumnBins bins, ForestSplit split)
    {
        BinSides.Fill(_goesLeft, split.LastLeftBin, bins.ValueBins, split.MissingLeft);
        int left = 0;
        int right = 0;
        foreach (ref readonly TRow row in rows)
        {
            if (_goesLeft[column[row.Row]])
            {
                rows[left++] = row;
            }
            else
            {
                _scratch[right++] = row;
            }
        }

        _scratch.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }

    private void AddLeaf()
    {
        _log?.Add(_node, _data.Unit, ForestSplit.None);
        for (int k = 0; k < _leaf.Length; k++)
        {
            _leaf[k] = (float)((double)_node.Slots[k] / _node.Weight * _data.Unit / _parameters.Trees);
        }

        _tree.AddLeaf(_leaf);
    }
}
