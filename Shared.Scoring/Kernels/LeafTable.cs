using System.Runtime.InteropServices;

namespace Shared.Scoring.Kernels;

/// <summary>A set of rows of numbers, compared by their bits.</summary>
/// <param name="width">Numbers of a row.</param>
internal sealed class LeafTable(int width)
{
    private readonly List<float> _values = [];

    // Per hash the latest slot, and per slot the previous one of the same hash.
    private readonly Dictionary<int, int> _latest = [];
    private readonly List<int> _previous = [];

    /// <summary>Returns the slot of a row, and adds the row if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<float> row)
    {
        ReadOnlySpan<byte> bits = MemoryMarshal.AsBytes(row);
        HashCode hash = default;
        hash.AddBytes(bits);
        ref int latest = ref CollectionsMarshal.GetValueRefOrAddDefault(_latest, hash.ToHashCode(), out bool exists);
        int newest = exists ? latest : -1;
        for (int slot = newest; slot >= 0; slot = _previous[slot])
        {
            if (MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values).Slice(slot * width, width)).SequenceEqual(bits))
            {
                return slot;
            }
        }

        latest = _previous.Count;
        _previous.Add(newest);
        _values.AddRange(row);
        return latest;
    }

    /// <summary>Row after row, in the order of slots.</summary>
    public float[] ToArray() => [.. _values];
}
