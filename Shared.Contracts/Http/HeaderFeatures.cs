using System.Buffers;

namespace Shared.Contracts.Http;

/// <summary>What the features read of the headers of one request, line after line. Of a header that comes twice, the first line counts.</summary>
public ref struct HeaderFeatures
{
    private static readonly string[] ScriptWords = ["script", "eval", "exec", "cmd"];
    private const string EscapedNewline = "\\n";            // also the tail of \r\n
#if NET9_0_OR_GREATER
    private static readonly SearchValues<string> Words = SearchValues.Create([.. ScriptWords, EscapedNewline], StringComparison.OrdinalIgnoreCase);
#endif

    private ForwardingHeader _forwarding;
    private bool _hasAccept;
    private bool _hasLanguage;
    private bool _hasEncoding;

    [Flags]
    private enum ForwardingHeader : byte
    {
        ForwardedFor = 1,
        RealIp = 2,
        Via = 4,
        Forwarded = 8,
    }

    internal bool HasUserAgent { get; private set; }

    internal ReadOnlySpan<char> UserAgent { get; private set; }

    internal ReadOnlySpan<char> Accept { get; private set; }

    internal ReadOnlySpan<char> AcceptLanguage { get; private set; }

    internal ReadOnlySpan<char> AcceptEncoding { get; private set; }

    internal int Lines { get; private set; }

    internal int ScriptLines { get; private set; }

    internal int NewlineLines { get; private set; }

    internal readonly int ForwardingHeaders => int.PopCount((int)_forwarding);

    /// <summary>Adds a header line as it was received, <c>Host</c> too.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <param name="value">Its value.</param>
    public void Add(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        Lines++;
        switch (name.Length)
        {
            case 3 when Is(name, "Via"):
                _forwarding |= ForwardingHeader.Via;
                break;
            case 6 when !_hasAccept && Is(name, "Accept"):
                _hasAccept = true;
                Accept = value;
                break;
            case 9 when Is(name, "X-Real-IP"):
                _forwarding |= ForwardingHeader.RealIp;
                break;
            case 9 when Is(name, "Forwarded"):
                _forwarding |= ForwardingHeader.Forwarded;
                break;
            case 10 when !HasUserAgent && Is(name, "User-Agent"):
                HasUserAgent = true;
                UserAgent = value;
                break;
            case 15 when !_hasLanguage && Is(name, "Accept-Language"):
                _hasLanguage = true;
                AcceptLanguage = value;
                break;
            case 15 when !_hasEncoding && Is(name, "Accept-Encoding"):
                _hasEncoding = true;
                AcceptEncoding = value;
                break;
            case 15 when Is(name, "X-Forwarded-For"):
                _forwarding |= ForwardingHeader.ForwardedFor;
                break;
        }

        if (MayHoldWord(value))
        {
            ScriptLines += HoldsScriptWord(value) ? 1 : 0;
            NewlineLines += value.Contains(EscapedNewline, StringComparison.Ordinal) ? 1 : 0;
        }
    }

    private static bool Is(ReadOnlySpan<char> name, string expected) => name.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private static bool HoldsScriptWord(ReadOnlySpan<char> value)
    {
        foreach (string word in ScriptWords)
        {
            if (value.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // One pass for the headers without, as nearly all are.
    private static bool MayHoldWord(ReadOnlySpan<char> value) =>
#if NET9_0_OR_GREATER
        value.ContainsAny(Words);
#else
        true;
#endif
}
