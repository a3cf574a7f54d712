namespace Relay.Training.Engines.Common.Binning;

/// <summary>The bins of one column: at most 255 for values, and one after them for missing values where there are any.</summary>
internal sealed class ColumnBins
{
    // Most values are told apart by their upper half: one look-up instead of a search.
    private const int TableMinRows = 1 << 15;
    private readonly float[] _edges;
    private readonly byte[]? _firstBin;

    private ColumnBins(float[] edges, bool hasMissing, long rows)
    {
        _edges = edges;
        HasMissing = hasMissing;
        _firstBin = rows >= TableMinRows && edges.Length > 1 ? Table(edges) : null;
    }

    public bool HasMissing { get; }

    /// <summary>Bins for values; also the code of a missing value.</summary>
    public int ValueBins => _edges.Length + 1;

    public int Bins => ValueBins + (HasMissing ? 1 : 0);

    /// <summary>Whether a split of this column can part any rows.</summary>
    public bool CanSplit => Bins > 1;

    public static ColumnBins Fit(ReadOnlySpan<float> values)
    {
        ColumnSummary summary = new();
        foreach (float value in values)
        {
            summary.Add(value);
        }

        return Fit(summary);
    }

    public static ColumnBins Fit(ColumnSummary summary)
    {
        ValueCell[] cells = summary.Cells();
        return new ColumnBins(BinEdges.Choose(cells), summary.Missing > 0, cells.Sum(c => c.Rows));
    }

    /// <summary>The threshold that parts the bins up to <paramref name="bin"/> from those above.</summary>
    public float Threshold(int bin) => bin < _edges.Length ? _edges[bin] : float.MaxValue;

    public byte Bin(float value)
    {
        if (float.IsNaN(value))
        {
            return (byte)ValueBins;
        }

        int low = 0;
        int high = _edges.Length;
        if (_firstBin is not null)
        {
            int cell = (int)(FloatKey.FromValue(value) >> 16);
            low = _firstBin[cell];
            high = _firstBin[cell + 1];
        }

        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (value <= _edges[middle])
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return (byte)low;
    }

    // Per upper half of a key, the bin of its smallest value; one more entry bounds the last.
    private static byte[] Table(float[] edges)
    {
        byte[] table = new byte[(1 << 16) + 1];
        int bin = 0;
        for (int cell = 0; cell < 1 << 16; cell++)
        {
            while (bin < edges.Length && FloatKey.FromValue(edges[bin]) < (uint)cell << 16)
            {
                bin++;
            }

            table[cell] = (byte)bin;
        }

        table[^1] = (byte)edges.Length;
        return table;
    }
}
