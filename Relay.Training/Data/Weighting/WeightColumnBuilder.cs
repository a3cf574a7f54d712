using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

internal sealed class WeightColumnBuilder(string name) : ColumnReader(name)
{
    private const string Expected = "a finite number above 0";
    private readonly ChunkedList<float> _values = new();

    protected override string? Add(ReadOnlySpan<byte> cell) => NumberText.TryParse(cell, out float value) ? Add(value) : Expected;

    public string? Add(float value)
    {
        if (!(float.IsFinite(value) && value > 0))
        {
            return Expected;
        }

        _values.Add(value);
        return null;
    }

    public float[] Drain() => _values.Drain();
}
