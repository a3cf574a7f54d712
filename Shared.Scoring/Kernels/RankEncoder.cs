using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Shared.Scoring.Lanes;
using Shared.Scoring.Trees;

namespace Shared.Scoring.Kernels;

/// <summary>Turns a row into bytes: a value's code is the number of its column's thresholds that lie below it, so that
/// "value at most threshold number i" becomes "code at most i". Codes are kept as signed bytes of the same order, from -128,
/// since that is what processors compare. A column whose branches send NaN both ways has two codes, which differ for NaN only.</summary>
internal sealed class RankEncoder
{
    private const int Blocks = 16;
    private const int BlockSize = 16;
    private const int PerColumn = Blocks * BlockSize;

    // The code of NaN where it goes right: no threshold has a number above 254.
    private const sbyte AboveAll = sbyte.MaxValue;
    private readonly Column[] _columns;
    private readonly Dictionary<int, int> _columnOf;
    private readonly int _both;
    private readonly int _width;
    private readonly float[] _pivots;
    private readonly float[] _thresholds;

    private RankEncoder(Column[] columns, float[] thresholds, int both)
    {
        _columns = columns;
        _columnOf = columns.Select((column, at) => (column.Feature, at)).ToDictionary(c => c.Feature, c => c.at);
        _both = both;
        _width = columns.Length == 0 ? 0 : columns.Max(c => c.Feature) + 1;
        _thresholds = thresholds;
        _pivots = new float[columns.Length * Blocks];
        for (int at = 0; at < _pivots.Length; at++)
        {
            // The last of a column's blocks needs no pivot: what lies above the others is in it.
            _pivots[at] = at % Blocks == Blocks - 1 ? float.PositiveInfinity : thresholds[(at * BlockSize) + BlockSize - 1];
        }
    }

    /// <summary>Codes of a row.</summary>
    public int Count => _columns.Length + _both;

    /// <summary>Builds the codes of some trees.</summary>
    /// <returns>Null where a column has more thresholds than a byte tells apart, or a threshold is NaN: no number is at most
    /// that, and a code for it could not send a missing value left.</returns>
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

        // Columns with two codes first: their second codes are a copy of the first ones, unless the value is NaN.
        KeyValuePair<int, Branches>[] ordered = [.. byColumn.OrderBy(c => c.Value.HasBoth ? 0 : 1)];
        Column[] columns = new Column[ordered.Length];
        float[] thresholds = new float[ordered.Length * PerColumn];
        thresholds.AsSpan().Fill(float.PositiveInfinity);
        for (int at = 0; at < columns.Length; at++)
        {
            (int feature, Branches branches) = ordered[at];
            float[] sorted = branches.Sorted();
            sorted.CopyTo(thresholds, at * PerColumn);
            columns[at] = new Column(feature, sorted.Length, branches.MissingLeft);
        }

        return new RankEncoder(columns, thresholds, ordered.Count(c => c.Value.HasBoth));
    }

    /// <summary>Which code a branch asks for, and the greatest one that goes left.</summary>
    public (byte Code, sbyte AtMost) Of(ForestTree tree, int branch)
    {
        int at = _columnOf[tree.Feature[branch]];
        Column column = _columns[at];
        int index = Array.BinarySearch(_thresholds, at * PerColumn, column.Thresholds, tree.Threshold[branch]) - (at * PerColumn);
        bool second = at < _both && !tree.MissingLeft[branch];
        return ((byte)(second ? _columns.Length + at : at), (sbyte)(index + sbyte.MinValue));
    }

    /// <summary>Writes the codes of a row.</summary>
    /// <param name="codes">At least <see cref="Count"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encode(ReadOnlySpan<float> row, Span<sbyte> codes)
    {
        codes = codes[..Count];
        ref float value = ref MemoryMarshal.GetReference(row[.._width]);
        ref float pivots = ref MemoryMarshal.GetArrayDataReference(_pivots);
        ref float thresholds = ref MemoryMarshal.GetArrayDataReference(_thresholds);
        ref sbyte code = ref MemoryMarshal.GetReference(codes);
        foreach (ref readonly Column column in _columns.AsSpan())
        {
            // Nothing is below NaN, so its code is the least one, which goes left.
            float own = Unsafe.Add(ref value, column.Feature);
            int below = column.Thresholds > BlockSize ? BlockSize * CountBelow(ref pivots, own) : 0;
            code = (sbyte)(below + CountBelow(ref Unsafe.Add(ref thresholds, below), own) + sbyte.MinValue);
            code = ref Unsafe.Add(ref code, 1);
            pivots = ref Unsafe.Add(ref pivots, Blocks);
            thresholds = ref Unsafe.Add(ref thresholds, PerColumn);
        }

        codes[.._both].CopyTo(codes[_columns.Length..]);
        if (Missing.IsIn(row))
        {
            SendMissingRight(row, codes);
        }
    }

    private void SendMissingRight(ReadOnlySpan<float> row, Span<sbyte> codes)
    {
        for (int c = 0; c < _columns.Length; c++)
        {
            if (float.IsNaN(row[_columns[c].Feature]) && (c < _both || !_columns[c].MissingLeft))
            {
                codes[c < _both ? _columns.Length + c : c] = AboveAll;
            }
        }
    }

    /// <summary>How many of sixteen numbers are below a value.</summary>
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

    /// <param name="Thresholds">How many there are.</param>
    /// <param name="MissingLeft">Where NaN goes by the first code; by a second one it goes right.</param>
    private readonly record struct Column(int Feature, int Thresholds, bool MissingLeft);

    private sealed class Branches
    {
        private readonly HashSet<float> _thresholds = [];

        public bool MissingLeft { get; private set; }

        public bool HasBoth { get; private set; }

        /// <returns>False where a byte has no more codes, or the threshold can have none.</returns>
        public bool Add(float threshold, bool missingLeft)
        {
            HasBoth |= _thresholds.Count > 0 && (HasBoth || missingLeft != MissingLeft);
            MissingLeft = missingLeft;
            return !float.IsNaN(threshold) && (_thresholds.Contains(threshold) || (_thresholds.Count < PerColumn - 1 && _thresholds.Add(threshold)));
        }

        public float[] Sorted()
        {
            float[] sorted = [.. _thresholds];
            Array.Sort(sorted);
            return sorted;
        }
    }
}
