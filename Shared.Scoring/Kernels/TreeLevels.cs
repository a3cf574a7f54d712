using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>The upper levels of all trees, run side by side, a tree per byte, without a branch or a gather.</summary>
internal abstract class TreeLevels
{
    public const int MaxDepth = 6;

    /// <summary>The instruction set.</summary>
    public abstract string Name { get; }

    /// <summary>Codes that <see cref="Run"/> reads.</summary>
    public abstract int MaxCodes { get; }

    /// <summary>Places that <see cref="Run"/> writes: the trees, rounded up to whole vectors.</summary>
    public abstract int Places { get; }

    /// <summary>Finds where a row's ways through the levels end.</summary>
    /// <param name="codes"><see cref="MaxCodes"/> codes of the row.</param>
    /// <param name="places"><see cref="Places"/> bytes: per tree the ways taken, the first one as the highest bit, right being 1.</param>
    public abstract void Run(Span<sbyte> codes, Span<byte> places);
}

/// <summary>The same for one instruction set.</summary>
internal sealed class TreeLevels<TLanes, TVector, TTable> : TreeLevels
    where TLanes : ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    private readonly int _depth;

    // Per group of trees and level, first the columns and then the thresholds of each node of the level, a vector each.
    private readonly TVector[] _nodes;

    /// <param name="order">Per place, the number of its tree.</param>
    /// <param name="complete">Per tree, its upper levels.</param>
    public TreeLevels(TreeForest forest, RankEncoder codes, int[] order, CompleteTree[] complete, int depth)
    {
        _depth = depth;
        Places = (order.Length + Width - 1) / Width * Width;
        _nodes = new TVector[Places / Width * VectorsPerGroup];
        Span<byte> bytes = MemoryMarshal.AsBytes(_nodes.AsSpan());
        for (int place = 0; place < order.Length; place++)
        {
            int[] branches = complete[order[place]].Branches;
            for (int node = 0; node < branches.Length; node++)
            {
                if (branches[node] >= 0)
                {
                    (byte code, sbyte atMost) = codes.Of(forest.Trees[order[place]], branches[node]);
                    int size = 1 << int.Log2(node + 1);
                    int vector = (place / Width * VectorsPerGroup) + (size - 1) + node;
                    bytes[(vector * Width) + (place % Width)] = code;
                    bytes[((vector + size) * Width) + (place % Width)] = (byte)atMost;
                }
            }
        }
    }

    public override string Name => TLanes.Name;

    public override int MaxCodes => TLanes.MaxCodes;

    public override int Places { get; }

    private static int Width => Unsafe.SizeOf<TVector>();

    private int VectorsPerGroup => 2 * ((1 << _depth) - 1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Span<sbyte> codes, Span<byte> places)
    {
        TTable table = TLanes.Table(ref MemoryMarshal.GetReference(codes[..TLanes.MaxCodes]));
        Span<TVector> ends = MemoryMarshal.Cast<byte, TVector>(places[..Places]);
        ref TVector nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        for (int group = 0; group < ends.Length; group++)
        {
            ends[group] = LevelPath<TLanes, TVector, TTable>.Run(in table, ref nodes, _depth);
            nodes = ref Unsafe.Add(ref nodes, VectorsPerGroup);
        }
    }
}
