using Shared.Contracts.Reports;

namespace Shared.Contracts.Api;

/// <summary>The bounds of a check-in, for both sides: a node cuts what it sends to them, and a relay takes everything within them.</summary>
public static class CheckInBounds
{
    /// <summary>Maximum bytes of the JSON text.</summary>
    public const int Bytes = 64 * 1024;

    /// <summary>Maximum items of each list.</summary>
    public const int Items = 256;

    /// <summary>Maximum characters of the subject of a refusal, and of the steering.</summary>
    public const int SubjectLength = 512;

    /// <summary>Maximum characters of the detail of a refusal, and of a line about what was cut.</summary>
    public const int DetailLength = 2048;

    /// <summary>Maximum of a count: 2^53, up to which every reader of JSON has whole numbers exactly.</summary>
    public const long Count = UsageBounds.Count;

    /// <summary>Maximum characters of a name of this protocol: the reason of a refusal, a scorer.</summary>
    public const int WordLength = 64;

    /// <summary>True for a name of this protocol, known or not: letters, digits and hyphens, the first one a letter.</summary>
    public static bool IsWord(string? text) =>
        text is { Length: > 0 and <= WordLength } && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>A text of at most <paramref name="maximum"/> characters: a longer one is cut, and says how long it was. No surrogate pair is
    /// cut in half.</summary>
    public static string Cut(string text, int maximum)
    {
        if (text.Length <= maximum)
        {
            return text;
        }

        string end = $"... (cut, {text.Length} characters)";
        int kept = Math.Max(maximum - end.Length, 0);
        if (kept > 0 && char.IsHighSurrogate(text[kept - 1]))
        {
            kept--;
        }

        return text[..kept] + end;
    }
}
