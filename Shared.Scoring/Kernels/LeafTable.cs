using System.Runtime.InteropServices;

namespace Shared.Scoring.Kernels;

/// <summary>Collects rows of numbers and keeps those of the same bits once.</summary>
/// <param name="width">Numbers of a row.</param>
internal sealed class LeafTable(int width)
{
    private readonly List<float> _values = [];

    // By hash the latest place that has it, and by place the one before.
    private readonly Dictionary<int, int> _latest = [];
    private readonly List<int> _before = [];

    /// <summary>Where the row is, which is added if it is new.</summary>
    public int PlaceOf(ReadOnlySpan<float> row)
    {
        ReadOnlySpan<byte> bits = MemoryMarshal.AsBytes(row);
        HashCode hash = default;
        hash.AddBytes(bits);
        ref int latest = ref CollectionsMarshal.GetValueRefOrAddDefault(_latest, hash.ToHashCode(), out bool exists);
        int newest = exists ? latest : -1;
        for (int place = newest; place >= 0; place = _before[place])
        {
            if (MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values).Slice(place * width, width)).SequenceEqual(bits))
            {
                return place;
            }
        }

        latest = _before.Count;
        _before.Add(newest);
        _values.AddRange(row);
        return latest;
    }

    /// <summary>Row after row, by place.</summary>
    public float[] ToArray() => [.. _values];
}
