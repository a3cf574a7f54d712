using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects raw labels, and where each one stood first, for errors that come to light only at the end.</summary>
internal sealed class ClassColumnReader(string name) : LabelColumnReader(name)
{
    private readonly ChunkedList<int> _codes = new();
    private readonly TextCodes _texts = new();
    private readonly List<long> _firstLines = [];

    protected override string? Add(ReadOnlySpan<byte> cell, long line)
    {
        if (cell.IsEmpty)
        {
            return "a label";
        }

        int code = _texts.Code(cell);
        if (code == _firstLines.Count)
        {
            _firstLines.Add(line);
        }

        _codes.Add(code);
        return null;
    }

    public override RawLabelColumn Finish() => new RawLabels(Name, _codes.Drain(), _texts.Texts, [.. _firstLines]);
}
