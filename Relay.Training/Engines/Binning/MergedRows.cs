using System.Numerics;
using System.Runtime.InteropServices;

namespace Relay.Training.Engines.Binning;

/// <summary>Rows of bins with equal ones merged, in order of first occurrence.</summary>
internal sealed record MergedRows(byte[] Rows, int Stride, int[] Labels, byte[] Weights, int[] RowOf)
{
    private const int BlockRows = 4096;

    public static MergedRows Create(
        float[][] columns, ColumnBins[] bins, int[] labels, int threads, CancellationToken cancellationToken)
    {
        int stride = Math.Max(8, (columns.Length + 7) & ~7);
        byte[] rows = new byte[checked((long)labels.Length * stride)];
        WorkerLoop.Run((labels.Length + BlockRows - 1) / BlockRows, threads, block =>
        {
            int end = Math.Min(labels.Length, (block + 1) * BlockRows);
            for (int c = 0; c < columns.Length; c++)
            {
                float[] values = columns[c];
                ColumnBins column = bins[c];
                for (int row = block * BlockRows; row < end; row++)
                {
                    rows[((long)row * stride) + c] = column.Bin(values[row]);
                }
            }
        }, cancellationToken);
        return Merge(rows, stride, labels, cancellationToken);
    }

    private static MergedRows Merge(byte[] rows, int stride, int[] labels, CancellationToken cancellationToken)
    {
        int[] slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)labels.Length * 2)];
        int[] rowOf = new int[labels.Length];
        int[] mergedLabels = new int[labels.Length];
        byte[] weights = new byte[labels.Length];
        int merged = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (row % (1 << 16) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            ReadOnlySpan<byte> bytes = rows.AsSpan(row * stride, stride);
            int slot = (int)(Hash(bytes, labels[row]) & (uint)(slots.Length - 1));
            while (slots[slot] != 0 && !Same(slots[slot] - 1, bytes, labels[row]))
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            // A full weight starts another row, so that a weight is a byte and weighted gradients stay 32 bits wide.
            if (slots[slot] == 0 || weights[slots[slot] - 1] == byte.MaxValue)
            {
                bytes.CopyTo(rows.AsSpan(merged * stride));
                mergedLabels[merged] = labels[row];
                slots[slot] = ++merged;
            }

            rowOf[row] = slots[slot] - 1;
            weights[rowOf[row]]++;
        }

        Array.Resize(ref rows, merged * stride);
        Array.Resize(ref mergedLabels, merged);
        Array.Resize(ref weights, merged);
        return new MergedRows(rows, stride, mergedLabels, weights, rowOf);

        bool Same(int at, ReadOnlySpan<byte> bytes, int label) =>
            mergedLabels[at] == label && bytes.SequenceEqual(rows.AsSpan(at * stride, stride));
    }

    private static uint Hash(ReadOnlySpan<byte> bytes, int label)
    {
        ulong hash = (ulong)label;
        foreach (ulong part in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = BitOperations.RotateLeft((hash ^ part) * 0x9E37_79B9_7F4A_7C15, 29);
        }

        return (uint)((hash * 0xD6E8_FEB8_6659_FD93) >> 32);
    }
}
