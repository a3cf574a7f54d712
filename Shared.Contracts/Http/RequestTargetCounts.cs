using System.Buffers;

namespace Shared.Contracts.Http;

/// <summary>Counts of characters in a request target, percent-decoded once, so that an attack has the same counts however it is escaped.</summary>
internal struct RequestTargetCounts
{
    private const int StackCharacters = 512;

    public int Digits { get; private set; }

    public int Specials { get; private set; }

    public int Uppers { get; private set; }

    public int Lowers { get; private set; }

    public int Spaces { get; private set; }

    public int Parameters { get; private set; }

    public static RequestTargetCounts Read(ReadOnlySpan<char> target)
    {
        int query = target.IndexOf('?');
        RequestTargetCounts counts = new() { Parameters = target.Count('&') + (query < 0 ? 0 : 1) };
        counts.Add(query < 0 ? target : target[..query], isQuery: false);
        counts.Add(query < 0 ? [] : target[query..], isQuery: true);
        return counts;
    }

    private void Add(ReadOnlySpan<char> part, bool isQuery)
    {
        if (!part.Contains('%'))
        {
            Count(part, isPlusSpace: isQuery);
            return;
        }

        char[]? rented = part.Length > StackCharacters ? ArrayPool<char>.Shared.Rent(part.Length) : null;
        Span<char> decoded = rented ?? stackalloc char[StackCharacters];
        part.CopyTo(decoded);
        if (isQuery)
        {
            decoded[..part.Length].Replace('+', ' ');
        }

        Count(Unescape(decoded, part.Length), isPlusSpace: false);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <summary>Decodes in place.</summary>
    private static ReadOnlySpan<char> Unescape(Span<char> text, int length)
    {
#if NET9_0_OR_GREATER
        Uri.TryUnescapeDataString(text[..length], text, out int written);
        return text[..written];
#else
        return Uri.UnescapeDataString(text[..length].ToString());
#endif
    }

    private void Count(ReadOnlySpan<char> text, bool isPlusSpace)
    {
        foreach (char c in text)
        {
            if (char.IsAsciiLetterLower(c))
            {
                Lowers++;
            }
            else if (char.IsDigit(c))
            {
                Digits++;
            }
            else if (c == ' ' || (isPlusSpace && c == '+'))
            {
                Spaces++;
            }
            else if (!char.IsLetter(c))
            {
                Specials++;
            }
            else if (char.IsUpper(c))
            {
                Uppers++;
            }
            else if (char.IsLower(c))
            {
                Lowers++;
            }
        }
    }
}
