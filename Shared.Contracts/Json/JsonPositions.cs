using System.Text;
using System.Text.Json;

namespace Shared.Contracts.Json;

/// <summary>The line, column and beginning of each value of a JSON text, so that an error can name them.</summary>
internal sealed class JsonPositions
{
    private readonly Dictionary<string, JsonPlace> _byPath = new(StringComparer.Ordinal);

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonPositions Read(ReadOnlySpan<byte> utf8)
    {
        JsonPositions positions = new();
        Utf8JsonReader reader = new(utf8);
        LineCounter lines = new(utf8);
        reader.Read();
        positions.Visit(ref reader, ref lines, "$");

        // Throws where anything but white space follows.
        reader.Read();
        return positions;
    }

    /// <summary>The value at a path; where the text has none, the nearest value around it.</summary>
    public JsonPlace Find(string path)
    {
        JsonPlace? place;
        while (!_byPath.TryGetValue(path, out place))
        {
            path = JsonPath.Parent(path);
        }

        return place;
    }

    public bool Has(string path) => _byPath.ContainsKey(path);

    private void Visit(ref Utf8JsonReader reader, ref LineCounter lines, string path)
    {
        (int line, int column) = lines.MoveTo(reader.TokenStartIndex);
        _byPath[path] = new JsonPlace(line, column, reader.TokenType, TextOf(in reader), IsRepeated: _byPath.ContainsKey(path));
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                // Not GetString: a name may hold half of a surrogate pair, which no string can.
                string member = $"{path}.{Encoding.UTF8.GetString(reader.ValueSpan)}";
                reader.Read();
                Visit(ref reader, ref lines, member);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                Visit(ref reader, ref lines, $"{path}[{i}]");
            }
        }
    }

    private static string TextOf(in Utf8JsonReader reader)
    {
        const int MaxBytes = 60;
        ReadOnlySpan<byte> value = reader.ValueSpan;
        string text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, MaxBytes)]) + (value.Length > MaxBytes ? "..." : "");
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    /// <summary>Counts lines while moving forward once over the text.</summary>
    private ref struct LineCounter(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _at;
        private int _line = 1;
        private int _lineStart;

        public (int Line, int Column) MoveTo(long index)
        {
            for (; _at < index; _at++)
            {
                if (_text[_at] == (byte)'\n')
                {
                    _line++;
                    _lineStart = _at + 1;
                }
            }

            return (_line, _at - _lineStart + 1);
        }
    }
}

/// <summary>One value of a JSON text.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">Byte in the line, from 1.</param>
/// <param name="Text">The beginning of the value as it is written.</param>
/// <param name="IsRepeated">Whether the same object has an earlier member of this name.</param>
internal sealed record JsonPlace(int Line, int Column, JsonTokenType Kind, string Text, bool IsRepeated);
