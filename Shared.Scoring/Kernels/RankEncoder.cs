using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Shared.Scoring.Functions;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>Encodes a row as bytes: the rank of a value is the number of its column's thresholds below it, so that "value at most
/// threshold i" becomes "rank at most i". Ranks are signed bytes from -128 on, because processors compare signed bytes. A column whose
/// branches send NaN in both directions has two ranks, which differ for NaN only.</summary>
internal sealed class RankEncoder
{
    private const int Blocks = 16;
    private const int BlockSize = 16;
    private const int PerColumn = Blocks * BlockSize;

    // The rank of NaN where it goes right: no threshold has a number above 254.
    private const sbyte MaxRank = sbyte.MaxValue;
    private readonly Column[] _columns;
    private readonly Dictionary<int, int> _columnOf;
    private readonly int _twoRankColumns;
    private readonly int _width;
    private readonly float[] _pivots;
    private readonly float[] _thresholds;

    private RankEncoder(Column[] columns, float[] thresholds, int twoRankColumns)
    {
        _columns = columns;
        _columnOf = columns.Select((column, at) => (column.Feature, at)).ToDictionary(c => c.Feature, c => c.at);
        _twoRankColumns = twoRankColumns;
        _width = columns.Length == 0 ? 0 : columns.Max(c => c.Feature) + 1;
        _thresholds = thresholds;
        _pivots = new float[columns.Length * Blocks];
        for (int at = 0; at < _pivots.Length; at++)
        {
            // The last block of a column needs no pivot: it holds what is above all other blocks.
            _pivots[at] = at % Blocks == Blocks - 1 ? float.PositiveInfinity : thresholds[(at * BlockSize) + BlockSize - 1];
        }
    }

    /// <summary>The number of ranks of a row.</summary>
    public int Count => _columns.Length + _twoRankColumns;

    /// <summary>Builds the encoder of some trees.</summary>
    /// <returns>Null where a column has more thresholds than a byte can count, or a threshold is NaN: no number is at most NaN, and a rank
    /// could not send a missing value left there.</returns>
    public static RankEncoder? Build(IEnumerable<ForestTree> trees)
    {
        SortedDictionary<int, Branches> byColumn = [];
        foreach (ForestTree tree in trees)
        {
            for (int i = 0; i < tree.Feature.Length; i++)
            {
                if (!byColumn.TryGetValue(tree.Feature[i], out Branches? branches))
                {
                    byColumn.Add(tree.Feature[i], branches = new Branches());
                }

                if (!branches.Add(tree.Threshold[i], tree.MissingLeft[i]))
                {
                    return null;
                }
            }
        }

        // Columns with two ranks come first: the second ranks are a copy of the first ones, except for NaN.
        KeyValuePair<int, Branches>[] ordered = [.. byColumn.OrderBy(c => c.Value.HasBothDirections ? 0 : 1)];
        Column[] columns = new Column[ordered.Length];
        float[] thresholds = new float[ordered.Length * PerColumn];
        thresholds.AsSpan().Fill(float.PositiveInfinity);
        for (int at = 0; at < columns.Length; at++)
        {
            (int feature, Branches branches) = ordered[at];
            float[] sorted = branches.ToSortedArray();
            sorted.CopyTo(thresholds, at * PerColumn);
            columns[at] = new Column(feature, sorted.Length, branches.MissingLeft);
        }

        return new RankEncoder(columns, thresholds, ordered.Count(c => c.Value.HasBothDirections));
    }

    /// <summary>Finds the rank that a branch compares, and the greatest rank that goes left.</summary>
    public (byte RankIndex, sbyte MaxLeftRank) FindSplit(ForestTree tree, int branch)
    {
        int at = _columnOf[tree.Feature[branch]];
        Column column = _columns[at];
        int index = Array.BinarySearch(_thresholds, at * PerColumn, column.Thresholds, tree.Threshold[branch]) - (at * PerColumn);
        bool isSecond = at < _twoRankColumns && !tree.MissingLeft[branch];
        return ((byte)(isSecond ? _columns.Length + at : at), (sbyte)(index + sbyte.MinValue));
    }

    /// <summary>Writes the ranks of a row.</summary>
    /// <param name="ranks">At least <see cref="Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(ReadOnlySpan<float> row, Span<sbyte> ranks)
    {
        ranks = ranks[..Count];
        ref float value = ref MemoryMarshal.GetReference(row[.._width]);
        ref float pivots = ref MemoryMarshal.GetArrayDataReference(_pivots);
        ref float thresholds = ref MemoryMarshal.GetArrayDataReference(_thresholds);
        ref sbyte rank = ref MemoryMarshal.GetReference(ranks);
        foreach (ref readonly Column column in _columns.AsSpan())
        {
            // No threshold is below NaN, so its rank is the minimum, which goes left.
            float own = Unsafe.Add(ref value, column.Feature);
            int below = column.Thresholds > BlockSize ? BlockSize * CountBelow(ref pivots, own) : 0;
            rank = (sbyte)(below + CountBelow(ref Unsafe.Add(ref thresholds, below), own) + sbyte.MinValue);
            rank = ref Unsafe.Add(ref rank, 1);
            pivots = ref Unsafe.Add(ref pivots, Blocks);
            thresholds = ref Unsafe.Add(ref thresholds, PerColumn);
        }

        ranks[.._twoRankColumns].CopyTo(ranks[_columns.Length..]);
        if (MissingValues.AnyIn(row))
        {
            SendMissingRight(row, ranks);
        }
    }

    private void SendMissingRight(ReadOnlySpan<float> row, Span<sbyte> ranks)
    {
        for (int c = 0; c < _columns.Length; c++)
        {
            if (float.IsNaN(row[_columns[c].Feature]) && (c < _twoRankColumns || !_columns[c].MissingLeft))
            {
                ranks[c < _twoRankColumns ? _columns.Length + c : c] = MaxRank;
            }
        }
    }

    /// <summary>Counts how many of sixteen numbers are below a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountBelow(ref float sixteen, float value)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return BitOperations.PopCount(
                Vector512.LessThan(Vector512.LoadUnsafe(ref sixteen), Vector512.Create(value)).ExtractMostSignificantBits());
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> eight = Vector256.Create(value);
            return BitOperations.PopCount(
                Vector256.LessThan(Vector256.LoadUnsafe(ref sixteen), eight).ExtractMostSignificantBits()
                | (Vector256.LessThan(Vector256.LoadUnsafe(ref sixteen, 8), eight).ExtractMostSignificantBits() << 8));
        }

        // A comparison that holds is -1.
        Vector128<float> four = Vector128.Create(value);
        return -Vector128.Sum(
            Vector128.LessThan(Vector128.LoadUnsafe(ref sixteen), four).AsInt32()
            + Vector128.LessThan(Vector128.LoadUnsafe(ref sixteen, 4), four).AsInt32()
            + Vector128.LessThan(Vector128.LoadUnsafe(ref sixteen, 8), four).AsInt32()
            + Vector128.LessThan(Vector128.LoadUnsafe(ref sixteen, 12), four).AsInt32());
    }

    /// <param name="Thresholds">The number of thresholds.</param>
    /// <param name="MissingLeft">Whether NaN goes left by the first rank; by the second it goes right.</param>
    private readonly record struct Column(int Feature, int Thresholds, bool MissingLeft);

    private sealed class Branches
    {
        private readonly HashSet<float> _thresholds = [];

        public bool MissingLeft { get; private set; }

        public bool HasBothDirections { get; private set; }

        /// <returns>False where a byte has no more ranks, or the threshold is NaN.</returns>
        public bool Add(float threshold, bool missingLeft)
        {
            HasBothDirections |= _thresholds.Count > 0 && (HasBothDirections || missingLeft != MissingLeft);
            MissingLeft = missingLeft;
            return !float.IsNaN(threshold) && (_thresholds.Contains(threshold) || (_thresholds.Count < PerColumn - 1 && _thresholds.Add(threshold)));
        }

        public float[] ToSortedArray()
        {
            float[] sorted = [.. _thresholds];
            Array.Sort(sorted);
            return sorted;
        }
    }
}
