using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

internal sealed class WeightColumnBuilder(string name) : ColumnReader(name)
{
    public const string Expected = "a number from 1.2e-38 to 3.4e38, what float32 holds above 0";
    private readonly ChunkedList<float> _values = new();

    protected override string? Add(ReadOnlySpan<byte> cell) => NumberText.TryParse(cell, out float value) ? Add(value) : Expected;

    public string? Add(float value)
    {
        // Below the smallest normal number, digits are lost.
        if (!(float.IsNormal(value) && value > 0))
        {
            return Expected;
        }

        _values.Add(value);
        return null;
    }

    public float[] Drain() => _values.Drain();
}
