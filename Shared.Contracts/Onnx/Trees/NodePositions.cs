using Google.Protobuf.Collections;

namespace Shared.Contracts.Onnx.Trees;

/// <summary>Finds nodes by the ids of their tree and their own. The nodes of a tree are neighbors in the lists, its root first.
/// Writers number the nodes of a tree from 0 in order; only trees that are numbered otherwise need a dictionary.</summary>
internal sealed class NodePositions
{
    private readonly Dictionary<long, Tree> _trees = [];
    private Tree? _last;

    /// <param name="trees">Per node, the id of its tree.</param>
    /// <param name="ids">Per node, its id within the tree.</param>
    /// <returns>Why ids do not tell nodes apart, or null.</returns>
    public string? Add(RepeatedField<long> trees, RepeatedField<long> ids)
    {
        for (int start = 0; start < trees.Count;)
        {
            int end = start + 1;
            while (end < trees.Count && trees[end] == trees[start])
            {
                end++;
            }

            Tree tree = new(trees[start], start, end - start);
            if (!_trees.TryAdd(tree.Id, tree))
            {
                return $"the nodes of tree {tree.Id} are not neighbors";
            }

            if (tree.Add(ids) is { } error)
            {
                return error;
            }

            start = end;
        }

        return null;
    }

    /// <summary>False where there is no such node.</summary>
    /// <param name="position">Of the node in the lists.</param>
    public bool TryFind(long tree, long node, out int position)
    {
        // Lists are in the order of trees, so that the last one is nearly always the right one.
        if (_last?.Id != tree)
        {
            _last = _trees.GetValueOrDefault(tree);
        }

        position = -1;
        return _last is not null && _last.TryFind(node, out position);
    }

    private sealed class Tree(long id, int start, int count)
    {
        private Dictionary<long, int>? _positions;

        public long Id => id;

        public string? Add(RepeatedField<long> ids)
        {
            int i = 0;
            while (i < count && ids[start + i] == i)
            {
                i++;
            }

            if (i == count)
            {
                return null;
            }

            _positions = new Dictionary<long, int>(count);
            for (i = start; i < start + count; i++)
            {
                if (!_positions.TryAdd(ids[i], i))
                {
                    return $"tree {id} has two nodes {ids[i]}";
                }
            }

            return null;
        }

        public bool TryFind(long node, out int position)
        {
            if (_positions is not null)
            {
                return _positions.TryGetValue(node, out position);
            }

            bool found = node >= 0 && node < count;
            position = found ? start + (int)node : -1;
            return found;
        }
    }
}
