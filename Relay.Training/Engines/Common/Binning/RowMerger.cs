using System.Numerics;
using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Common.Binning;

/// <summary>Takes the rows of a set as bins, in order, and keeps those once that are equal in every bin, in label, target and weight.</summary>
/// <param name="rows">Where the kept rows go, from its start on; a row may be added from the same buffer, from its own place in it.</param>
/// <param name="stride">Bytes per row, a multiple of 8; those after the last column are 0.</param>
internal sealed class RowMerger(TrainingSet set, byte[] rows, int stride)
{
    private readonly int[] _slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, set.RowCount) * 2)];
    private readonly int[] _rowOf = new int[set.RowCount];
    private int[] _first = new int[set.RowCount];
    private byte[] _weights = new byte[set.RowCount];
    private int _added;
    private int _merged;

    /// <summary>Bytes from one row to the next.</summary>
    public static int Stride(int columns) => Math.Max(8, (columns + 7) & ~7);

    /// <summary>Adds the next row of the set.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        int slot = (int)(Hash(row, Key(_added)) & (uint)(_slots.Length - 1));
        while (_slots[slot] != 0 && !Same(_slots[slot] - 1, row))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        // A full weight starts another row, so that a weight is a byte and weighted gradients stay 32 bits wide.
        if (_slots[slot] == 0 || _weights[_slots[slot] - 1] == byte.MaxValue)
        {
            row.CopyTo(rows.AsSpan(_merged * stride));
            _first[_merged] = _added;
            _slots[slot] = ++_merged;
        }

        int at = _slots[slot] - 1;
        _rowOf[_added++] = at;
        _weights[at]++;
    }

    /// <summary>The rows kept. To be called once.</summary>
    public MergedRows Finish()
    {
        // Memory that was never written takes no room: only where much was merged, copying the rest frees any.
        byte[] kept = rows;
        if (_merged < set.RowCount / 2)
        {
            Array.Resize(ref kept, _merged * stride);
        }

        Array.Resize(ref _first, _merged);
        Array.Resize(ref _weights, _merged);
        return new MergedRows(kept, stride, _first, _weights, _rowOf);
    }

    private bool Same(int at, ReadOnlySpan<byte> row) =>
        Key(_first[at]) == Key(_added) && set.SampleWeights?[_first[at]] == set.SampleWeights?[_added]
        && row.SequenceEqual(rows.AsSpan(at * stride, stride));

    private int Key(int row) => set.Targets is null ? set.Labels[row] : BitConverter.SingleToInt32Bits(set.Targets[row]);

    private static uint Hash(ReadOnlySpan<byte> bytes, int key)
    {
        ulong hash = (uint)key;
        foreach (ulong part in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = BitOperations.RotateLeft((hash ^ part) * 0x9E37_79B9_7F4A_7C15, 29);
        }

        return (uint)((hash * 0xD6E8_FEB8_6659_FD93) >> 32);
    }
}
