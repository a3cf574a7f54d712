using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

internal sealed class NumberColumnBuilder(string name) : ColumnBuilder(name)
{
    private readonly ChunkedList<float> _values = new();

    protected override string? Add(ReadOnlySpan<byte> cell)
    {
        if (!NumberText.TryParse(cell, out float value))
        {
            return NumberText.Expected;
        }

        _values.Add(value);
        return null;
    }

    public void Add(float value) => _values.Add(value);

    public override DataColumn Finish() => new NumberColumn(Name, _values.Drain());
}
