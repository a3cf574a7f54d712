using System.Numerics;
using System.Runtime.InteropServices;

namespace Relay.Training.Data.Tables;

/// <summary>A number of 64 bits for what a model sees of a row: rows with equal features have the same one, in any file. Two of a million
/// different rows share one with a chance of about 3e-8.</summary>
internal static class RowFingerprint
{
    private const ulong Missing = 0x7FC0_0000;
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

    public static ulong Start => Factor;

    /// <summary>Adds the next column's cell to the fingerprint of a row.</summary>
    public static ulong Add(ulong row, ulong cell) => BitOperations.RotateLeft((row ^ cell) * Factor, 29);

    /// <summary>Of a number; NaN is a missing value, and zeros of both signs are one.</summary>
    public static ulong CellOf(float value) => float.IsNaN(value) ? Missing : BitConverter.SingleToUInt32Bits(value + 0f);

    /// <summary>Of a category's text; empty is a missing value.</summary>
    public static ulong CellOf(string text)
    {
        ulong cell = (ulong)text.Length;
        foreach (char c in text)
        {
            cell = Add(cell, c);
        }

        return cell;
    }

    /// <summary>The fingerprints of all rows.</summary>
    public static ulong[] Compute(IReadOnlyList<DataColumn> columns, int rows)
    {
        ulong[] fingerprints = new ulong[rows];
        fingerprints.AsSpan().Fill(Start);
        foreach (DataColumn column in columns)
        {
            ulong[]? texts = column is CategoryColumn category ? [.. category.Categories.Select(CellOf)] : null;
            ulong empty = CellOf("");
            for (int row = 0; row < rows; row++)
            {
                ulong cell = texts is null ? CellOf(((NumberColumn)column).Values[row])
                    : ((CategoryColumn)column).Codes[row] is >= 0 and int code ? texts[code] : empty;
                fingerprints[row] = Add(fingerprints[row], cell);
            }
        }

        return fingerprints;
    }

    internal static byte[] ToBytes(ulong[] fingerprints) => MemoryMarshal.AsBytes(fingerprints.AsSpan()).ToArray();
}
