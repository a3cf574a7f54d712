using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects the numbers that a regression learns.</summary>
internal sealed class TargetColumnReader(string name) : LabelColumnReader(name)
{
    private readonly ChunkedList<float> _values = new();

    protected override string? Add(ReadOnlySpan<byte> cell, long line)
    {
        if (!NumberText.TryParse(cell, out float value) || float.IsNaN(value))
        {
            return "a finite number to learn";
        }

        _values.Add(value);
        return null;
    }

    public override RawLabelColumn Finish() => new RawTargets(Name, _values.Drain());
}
