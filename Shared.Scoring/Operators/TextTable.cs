using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Google.Protobuf;

namespace Shared.Scoring.Operators;

/// <summary>Finds texts by their bytes in UTF-8, as ONNX Runtime does: half of a surrogate pair is the replacement character there.</summary>
internal sealed class TextTable<T>
{
    private readonly FrozenDictionary<string, T> _byText;
    private readonly bool _hasReplacement;

    private TextTable(Dictionary<string, T> byText) => (_byText, _hasReplacement) =
        (byText.ToFrozenDictionary(StringComparer.Ordinal), byText.Keys.Any(
            text => text.Contains(Rune.ReplacementChar.ToString(), StringComparison.Ordinal)));

    /// <returns>Null where a text is not in UTF-8 or occurs twice.</returns>
    public static TextTable<T>? Create(IReadOnlyList<ByteString> texts, IReadOnlyList<T> values)
    {
        Dictionary<string, T> byText = new(StringComparer.Ordinal);
        for (int i = 0; i < texts.Count; i++)
        {
            if (!Utf8.IsValid(texts[i].Span) || !byText.TryAdd(texts[i].ToStringUtf8(), values[i]))
            {
                return null;
            }
        }

        return new TextTable<T>(byText);
    }

    public bool TryFind(string text, [MaybeNullWhen(false)] out T value) =>
        _byText.TryGetValue(text, out value)
        || (_hasReplacement && _byText.TryGetValue(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), out value));
}
