using Relay.Training.Engines.Common.Binning;
using Relay.Training.Trees;

namespace Relay.Training.Engines.Managed.Boosting;

/// <summary>A finished tree over binned rows: adds its leaf values to scores as they were added when it was grown.</summary>
internal sealed class BinnedTree
{
    private readonly Tree _tree;
    private readonly byte[][] _columns;
    private readonly byte[] _lastLeft;
    private readonly byte[] _missing;

    public BinnedTree(Tree tree, BinnedRows data)
    {
        _tree = tree;
        _columns = new byte[tree.NodeCount][];
        _lastLeft = new byte[tree.NodeCount];
        _missing = new byte[tree.NodeCount];
        for (int node = 0; node < tree.NodeCount; node++)
        {
            if (tree.Feature[node] >= 0)
            {
                int column = Array.IndexOf(data.Features, tree.Feature[node]);
                _columns[node] = data.ByColumn[column];
                _lastLeft[node] = data.Bins[column].Bin(tree.Threshold[node]);
                _missing[node] = (byte)data.Bins[column].ValueBins;
            }
        }
    }

    public void AddTo(float[] margins, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            int node = 0;
            while (_tree.Feature[node] >= 0)
            {
                byte bin = _columns[node][row];
                bool left = bin == _missing[node] ? _tree.MissingLeft[node] : bin <= _lastLeft[node];
                node = left ? _tree.Left[node] : _tree.Right[node];
            }

            margins[row] += _tree.LeafValues[_tree.Left[node]];
        }
    }
}
