using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Collects raw labels, and where each one stood first, for errors that come to light only at the end.</summary>
internal sealed class ClassColumnReader(string name) : LabelColumnReader(name)
{
    private readonly ChunkedList<int> codes = new();
    private readonly TextCodes texts = new();
    private readonly List<long> firstLines = [];

    public override string? Add(ReadOnlySpan<byte> cell, long line)
    {
        if (cell.IsEmpty)
        {
            return "a label";
        }

        int code = texts.Code(cell);
        if (code == firstLines.Count)
        {
            firstLines.Add(line);
        }

        codes.Add(code);
        return null;
    }

    public override RawLabelColumn Finish() => new RawLabels(Name, codes.Drain(), texts.Texts, [.. firstLines]);
}
