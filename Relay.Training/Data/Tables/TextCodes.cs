using System.Text;

namespace Relay.Training.Data.Tables;

/// <summary>Gives each different text a code, in order of first occurrence, without a string per lookup.</summary>
internal sealed class TextCodes
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _texts = [];

    public TextCodes() => _lookup = _codes.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _texts.Count;

    /// <summary>The text that was added last.</summary>
    public string Last => _texts[^1];

    public string[] Texts => [.. _texts];

    /// <summary>The code of a text in UTF-8.</summary>
    public int Code(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > 256)
        {
            return Code(Encoding.UTF8.GetString(utf8).AsSpan());
        }

        Span<char> chars = stackalloc char[256];
        return Code(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    public int Code(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out int code))
        {
            return code;
        }

        string added = text.ToString();
        _codes.Add(added, _texts.Count);
        _texts.Add(added);
        return _texts.Count - 1;
    }
}
