using System.Buffers;
using System.Globalization;
using System.Text;

namespace Shared.Contracts;

/// <summary>Text of others, made safe to show to people: on a terminal, in a log, in an error message. A control character would move
/// the cursor, change what stands above, or forge a line. Escaping twice changes nothing.</summary>
public static class DisplayText
{
    private const string Cut = "...";

    /// <summary>The text with each control character, line separator, invisible character, bidirectional override and half of a surrogate
    /// pair as an escape sequence: <c>\n</c>, <c>\u001b</c>. The result is one line. Null becomes an empty text.</summary>
    public static string Escape(string? text)
    {
        if (text is null || IsPlain(text))
        {
            return text ?? "";
        }

        StringBuilder escaped = new(text.Length + 16);
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == OperationStatus.Done;
            if (isWhole && !IsUnsafe(rune))
            {
                escaped.Append(rest[..length]);
            }
            else
            {
                AppendEscape(escaped, isWhole ? rune.Value : rest[0]);
            }

            rest = rest[length..];
        }

        return escaped.ToString();
    }

    /// <summary>The escaped text, cut to a number of characters, three or more; what was cut shows as three dots.</summary>
    public static string Escape(string? text, int maximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumLength, Cut.Length);
        string escaped = Escape(text?.Length > maximumLength ? text[..maximumLength] : text);
        if (escaped.Length <= maximumLength && !(text?.Length > maximumLength))
        {
            return escaped;
        }

        int kept = Math.Min(escaped.Length, maximumLength - Cut.Length);
        return string.Concat(escaped.AsSpan(0, kept > 0 && char.IsHighSurrogate(escaped[kept - 1]) ? kept - 1 : kept), Cut);
    }

    /// <summary>Text of several lines, such as an exception: each line is escaped, and each but the first is indented, so that none
    /// passes for a line of the program.</summary>
    public static string EscapeLines(string? text) => text is null || !text.Contains('\n', StringComparison.Ordinal)
        ? Escape(text)
        : string.Join("\n", text.Split('\n').Select((line, i) => (i == 0 || line.StartsWith("  ", StringComparison.Ordinal) ? "" : "  ")
            + Escape(line.EndsWith('\r') ? line[..^1] : line)));

    /// <summary>An interpolated text in which each inserted value is escaped, and formatted for the invariant culture.</summary>
    public static string Format(DisplayTextHandler text) => text.ToText();

    /// <summary>True where <see cref="Escape(string?)"/> would change nothing. A name of any kind must be plain.</summary>
    public static bool IsPlain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return true;
        }

        return HasNone(text, IsUnsafe);
    }

    /// <summary>True for a name that comes with data, such as that of a column. Headers of real files have joiners, direction marks, soft
    /// hyphens and spaces of no width, which <see cref="IsPlain"/> refuses in names that people choose here. But no name starts a line, moves a
    /// cursor or turns the text around it.</summary>
    internal static bool IsNameInData(string text) => HasNone(text, rune =>
        (IsUnsafe(rune) && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format)
            || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069);

    private static bool HasNone(string text, Func<Rune, bool> isRefused)
    {
        for (ReadOnlySpan<char> rest = text; rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != OperationStatus.Done || isRefused(rune))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void AppendEscape(StringBuilder escaped, int character) => _ = character switch
    {
        '\n' => escaped.Append("\\n"),
        '\r' => escaped.Append("\\r"),
        '\t' => escaped.Append("\\t"),
        <= char.MaxValue => escaped.Append(CultureInfo.InvariantCulture, $"\\u{character:x4}"),
        _ => escaped.Append(CultureInfo.InvariantCulture, $"\\U{character:x8}"),
    };
}
