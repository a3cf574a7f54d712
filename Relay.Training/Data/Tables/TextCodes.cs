using System.Text;

namespace Relay.Training.Data.Tables;

/// <summary>Gives each different text a code, in order of first occurrence, without a string per lookup.</summary>
internal sealed class TextCodes
{
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<string> texts = [];

    public TextCodes() => lookup = codes.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => texts.Count;

    public string[] Texts => [.. texts];

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
        if (lookup.TryGetValue(text, out int code))
        {
            return code;
        }

        string added = text.ToString();
        codes.Add(added, texts.Count);
        texts.Add(added);
        return texts.Count - 1;
    }
}
