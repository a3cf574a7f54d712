using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The leaf values of a forest in the order in which a kernel visits its trees, and their sums. Trees of one output are adjacent,
/// in tree order: every output adds the same numbers in the same order as ONNX Runtime.</summary>
internal sealed class LeafSums
{
    private const int Lanes = 8;
    private readonly int[] _starts;
    private readonly int _outputs;
    private readonly int _leafWidth;
    private int _treeWidth;
    private float[] _values = [];

    private LeafSums(TreeForest forest)
    {
        IReadOnlyList<ForestTree> trees = forest.Trees;
        bool single = trees.All(t => t.Output >= 0);
        _outputs = forest.OutputCount;
        _leafWidth = single ? 1 : (_outputs + Lanes - 1) / Lanes * Lanes;
        Order = single
            ? [.. Enumerable.Range(0, trees.Count).OrderBy(t => trees[t].Output)]
            : [.. Enumerable.Range(0, trees.Count)];
        _starts = single ? CountTreesBefore(trees, _outputs) : [];
    }

    /// <summary>The same number of leaf slots for each tree; a kernel identifies a leaf by its slot within the tree.</summary>
    /// <param name="leafAt">Per tree of the forest and slot, the leaf in the slot, or -1.</param>
    public static LeafSums CreateStrided(TreeForest forest, int slots, Func<int, int, int> leafAt)
    {
        LeafSums sums = new(forest);
        sums._treeWidth = slots * sums._leafWidth;
        sums._values = new float[checked(forest.Trees.Count * sums._treeWidth)];
        for (int at = 0; at < forest.Trees.Count * slots; at++)
        {
            int number = sums.Order[at / slots];
            if (leafAt(number, at % slots) is var leaf and >= 0)
            {
                sums.Fill(forest.Trees[number], leaf, sums._values.AsSpan(at * sums._leafWidth, sums._leafWidth));
            }
        }

        return sums;
    }

    /// <summary>Leaf slots without gaps, one for all leaves of equal values: most leaves of a deep forest hold a single class, so that the
    /// few distinct values stay in the cache. A kernel identifies a leaf by its slot in the forest.</summary>
    /// <param name="slotOf">Per position and leaf of its tree, the slot.</param>
    public static LeafSums CreatePacked(TreeForest forest, out int[][] slotOf)
    {
        LeafSums sums = new(forest);
        slotOf = new int[sums.Order.Length][];
        LeafTable table = new(sums._leafWidth);
        float[] values = new float[sums._leafWidth];
        for (int position = 0; position < slotOf.Length; position++)
        {
            ForestTree tree = forest.Trees[sums.Order[position]];
            slotOf[position] = new int[CountLeaves(forest, tree)];
            for (int leaf = 0; leaf < slotOf[position].Length; leaf++)
            {
                sums.Fill(tree, leaf, values);
                slotOf[position][leaf] = table.GetOrAdd(values);
            }
        }

        sums._values = table.ToArray();
        return sums;
    }

    /// <summary>Per position of the kernel, the number of its tree in the forest.</summary>
    public int[] Order { get; }

    /// <summary>Adds the leaf values of one row to its scores.</summary>
    /// <param name="leaves">Per position, the slot of the leaf.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<TSlot>(ReadOnlySpan<TSlot> leaves, Span<float> scores)
        where TSlot : unmanaged
    {
        ref TSlot first = ref MemoryMarshal.GetReference(leaves[..Order.Length]);
        if (_leafWidth == 1)
        {
            AddSingle(ref first, scores[.._outputs]);
        }
        else
        {
            AddRows(ref first, scores[.._outputs]);
        }
    }

    // Per output, and at the end, the trees of the outputs before it.
    private static int[] CountTreesBefore(IReadOnlyList<ForestTree> trees, int outputs)
    {
        int[] starts = new int[outputs + 1];
        foreach (ForestTree tree in trees)
        {
            starts[tree.Output + 1]++;
        }

        for (int output = 0; output < outputs; output++)
        {
            starts[output + 1] += starts[output];
        }

        return starts;
    }

    private static int CountLeaves(TreeForest forest, ForestTree tree) =>
        tree.LeafValues.Length / (tree.Output < 0 ? forest.OutputCount : 1);

    private void Fill(ForestTree tree, int leaf, Span<float> values)
    {
        values.Clear();
        if (tree.Output < 0)
        {
            tree.LeafValues.AsSpan(leaf * _outputs, _outputs).CopyTo(values);
        }
        else
        {
            // Adding 0 to the other outputs changes no bits, because no running sum is -0.
            values[_leafWidth == 1 ? 0 : tree.Output] = tree.LeafValues[leaf];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSingle<TSlot>(ref TSlot leaves, Span<float> scores)
        where TSlot : unmanaged
    {
        ref float tree = ref MemoryMarshal.GetArrayDataReference(_values);
        int position = 0;
        for (int output = 0; output < scores.Length; output++)
        {
            float sum = scores[output];
            for (int end = _starts[output + 1]; position < end; position++)
            {
                sum += Unsafe.Add(ref tree, ReadSlot(ref leaves, position));
                tree = ref Unsafe.Add(ref tree, _treeWidth);
            }

            scores[output] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows<TSlot>(ref TSlot leaves, Span<float> scores)
        where TSlot : unmanaged
    {
        Span<float> padded = stackalloc float[Lanes];
        for (int part = 0; part < _leafWidth; part += Lanes)
        {
            ref float tree = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), part);
            Span<float> own = scores.Slice(part, Math.Min(Lanes, _outputs - part));
            own.CopyTo(padded);
            Vector256<float> sum = Vector256.Create<float>(padded);
            for (int position = 0; position < Order.Length; position++)
            {
                sum += Vector256.LoadUnsafe(ref Unsafe.Add(ref tree, ReadSlot(ref leaves, position) * _leafWidth));
                tree = ref Unsafe.Add(ref tree, _treeWidth);
            }

            sum.CopyTo(padded);
            padded[..own.Length].CopyTo(own);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadSlot<TSlot>(ref TSlot leaves, int position)
        where TSlot : unmanaged =>
        Unsafe.SizeOf<TSlot>() == sizeof(byte)
            ? Unsafe.As<TSlot, byte>(ref Unsafe.Add(ref leaves, position))
            : Unsafe.As<TSlot, int>(ref Unsafe.Add(ref leaves, position));
}
