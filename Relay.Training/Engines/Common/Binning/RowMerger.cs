using System.Numerics;
using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Common.Binning;

/// <summary>Takes the rows of a set as bins, in order, and keeps those once that are equal in every bin, in label, target and weight.</summary>
/// <param name="rows">Where the kept rows go, from its start on; a row may be added from the same buffer, from its own place in it.</param>
/// <param name="stride">Bytes per row, a multiple of 8; those after the last column are 0.</param>
internal sealed class RowMerger(TrainingSet set, byte[] rows, int stride)
{
    private readonly int[] slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, set.RowCount) * 2)];
    private readonly int[] rowOf = new int[set.RowCount];
    private int[] first = new int[set.RowCount];
    private byte[] weights = new byte[set.RowCount];
    private int added;
    private int merged;

    /// <summary>Bytes from one row to the next.</summary>
    public static int Stride(int columns) => Math.Max(8, (columns + 7) & ~7);

    /// <summary>Adds the next row of the set.</summary>
    public void Add(ReadOnlySpan<byte> row)
    {
        int slot = (int)(Hash(row, Key(added)) & (uint)(slots.Length - 1));
        while (slots[slot] != 0 && !Same(slots[slot] - 1, row))
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        // A full weight starts another row, so that a weight is a byte and weighted gradients stay 32 bits wide.
        if (slots[slot] == 0 || weights[slots[slot] - 1] == byte.MaxValue)
        {
            row.CopyTo(rows.AsSpan(merged * stride));
            first[merged] = added;
            slots[slot] = ++merged;
        }

        int at = slots[slot] - 1;
        rowOf[added++] = at;
        weights[at]++;
    }

    /// <summary>The rows kept. To be called once.</summary>
    public MergedRows Finish()
    {
        // Memory that was never written takes no room: only where much was merged, copying the rest frees any.
        byte[] kept = rows;
        if (merged < set.RowCount / 2)
        {
            Array.Resize(ref kept, merged * stride);
        }

        Array.Resize(ref first, merged);
        Array.Resize(ref weights, merged);
        return new MergedRows(kept, stride, first, weights, rowOf);
    }

    private bool Same(int at, ReadOnlySpan<byte> row) =>
        Key(first[at]) == Key(added) && set.SampleWeights?[first[at]] == set.SampleWeights?[added]
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
