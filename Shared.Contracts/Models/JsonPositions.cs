using System.Text.Json;

namespace Shared.Contracts.Models;

/// <summary>Where each value of a JSON text begins, so that a rule about a value can name its line and column.</summary>
internal sealed class JsonPositions
{
    private readonly Dictionary<string, (int Line, int Column)> _byPath = new(StringComparer.Ordinal);

    /// <param name="utf8">JSON that has been parsed before, so it is well-formed.</param>
    public static JsonPositions Of(ReadOnlySpan<byte> utf8)
    {
        JsonPositions positions = new();
        Utf8JsonReader reader = new(utf8);
        Cursor cursor = new(utf8);
        reader.Read();
        positions.Visit(ref reader, ref cursor, "$");
        return positions;
    }

    /// <summary>Line and column, both from 1, of the value; of the nearest value around it where it is not in the text.</summary>
    public (int Line, int Column) Find(string path)
    {
        while (true)
        {
            if (_byPath.TryGetValue(path, out var at))
            {
                return at;
            }

            int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
            path = cut <= 0 ? "$" : path[..cut];
        }
    }

    private void Visit(ref Utf8JsonReader reader, ref Cursor cursor, string path)
    {
        _byPath[path] = cursor.MoveTo(reader.TokenStartIndex);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string member = $"{path}.{reader.GetString()}";
                reader.Read();
                Visit(ref reader, ref cursor, member);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                Visit(ref reader, ref cursor, $"{path}[{i}]");
            }
        }
    }

    /// <summary>Counts lines while moving forward once over the text.</summary>
    private ref struct Cursor(ReadOnlySpan<byte> text)
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
