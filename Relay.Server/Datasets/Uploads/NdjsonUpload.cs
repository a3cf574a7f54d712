using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Relay.Server.Datasets.Samples;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets.Uploads;

/// <summary>JSON objects, one in each line, whose members are the columns. Empty lines are skipped.</summary>
internal sealed class NdjsonUpload : RowUpload
{
    private const int ShownLength = 40;
    private readonly BoundedLines _lines;
    private readonly Dictionary<string, int> _columns;
    private readonly bool[] _isGiven;
    private byte[] _text = new byte[1024];

    /// <param name="content">Is owned by this upload.</param>
    /// <param name="columns">The names of the columns, in their order.</param>
    public NdjsonUpload(Stream content, IReadOnlyList<string> columns)
    {
        _lines = new BoundedLines(content, SampleBounds.LineBytes);
        _columns = columns.Index().ToDictionary(column => column.Item, column => column.Index, StringComparer.Ordinal);
        _isGiven = new bool[columns.Count];
    }

    public override bool Read(SampleRow row, out SampleFault? fault)
    {
        fault = null;
        do
        {
            if (!_lines.Read())
            {
                return false;
            }
        }
        while (!_lines.IsTooLong && _lines.Line.Trim(" \t\r"u8).IsEmpty);

        row.Begin(_lines.Number);
        try
        {
            fault = _lines.IsTooLong ? Malformed($"a line of more than {SampleBounds.LineBytes} bytes")
                : !Utf8.IsValid(_lines.Line) ? Malformed("the line is not UTF-8")
                : Fill(row);
        }
        catch (JsonException e)
        {
            fault = Malformed($"no JSON object, at byte {e.BytePositionInLine + 1} of the line");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for half of a surrogate pair.
            fault = Malformed("a text holds half of a surrogate pair");
        }

        return true;
    }

    public override void Dispose() => _lines.Dispose();

    private SampleFault? Fill(SampleRow row)
    {
        ReadOnlySpan<byte> line = _lines.Number == 1 && _lines.Line.StartsWith(Encoding.UTF8.Preamble) ? _lines.Line[3..] : _lines.Line;
        Utf8JsonReader reader = new(line);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            return Malformed("no JSON object");
        }

        Array.Clear(_isGiven);
        SampleFault? fault = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            SampleFault? wrong = Set(row, name, ref reader);
            fault ??= wrong;

            // Also after a fault: the rest of the line says whether it is JSON at all.
            reader.Skip();
        }

        return reader.Read() ? Malformed("more than one JSON object in a line") : fault;
    }

    private SampleFault? Set(SampleRow row, string name, ref Utf8JsonReader reader)
    {
        if (name == SampleBounds.IdColumn)
        {
            if (row.Id is not null || reader.TokenType is not JsonTokenType.String)
            {
                return new(row.Line, SampleFaultReason.InvalidId, $"expected one text: {SampleBounds.IdRule}", name);
            }

            row.Id = reader.GetString();
            return null;
        }

        if (!_columns.TryGetValue(name, out int column))
        {
            return new(
                row.Line, SampleFaultReason.UnknownColumn, "the dataset has no such column", DisplayText.Escape(name, ShownLength));
        }

        if (_isGiven[column])
        {
            return new(row.Line, SampleFaultReason.Malformed, "the column is given twice", name);
        }

        _isGiven[column] = true;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                _text = _text.Length < reader.ValueSpan.Length ? new byte[reader.ValueSpan.Length] : _text;
                row.Set(column, _text.AsSpan(0, reader.CopyString(_text)));
                return null;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                row.Set(column, reader.ValueSpan);
                return null;
            default:
                return new(row.Line, SampleFaultReason.InvalidValue, "expected a text, a number, true, false or null", name);
        }
    }

    private SampleFault Malformed(string detail) => new(_lines.Number, SampleFaultReason.Malformed, detail);
}
