using System.Text;
using Shared.Contracts;

namespace Relay.Cards.Writing;

/// <summary>Text of others in Markdown: no markup, no link, no HTML, and no end of a table's cell.</summary>
internal static class MarkdownText
{
    private const string Marks = "\\`*_{}[]<>#|!~&$^";

    public static string Encode(string text)
    {
        string plain = DisplayText.Escape(text);
        StringBuilder encoded = new(plain.Length + 8);
        for (int i = 0; i < plain.Length; i++)
        {
            char c = plain[i];

            // Addresses become links without any mark.
            bool isLink = (c == ':' && plain.AsSpan(i + 1).StartsWith("/"))
                || (c == '.' && plain.AsSpan(0, i).EndsWith("www", StringComparison.OrdinalIgnoreCase));
            if (Marks.Contains(c, StringComparison.Ordinal) || isLink || BeginsALine(plain, i))
            {
                encoded.Append('\\');
            }

            encoded.Append(c == '@' ? "&#64;" : c.ToString());
        }

        return encoded.ToString();
    }

    // A list, a heading or a rule; a number is none of them.
    private static bool BeginsALine(string text, int at)
    {
        bool isBeforeWord = at + 1 == text.Length || text[at + 1] == ' ';
        return text[at] switch
        {
            '+' or '-' or '=' => text.AsSpan(0, at).Trim().IsEmpty && !(at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])),
            '.' or ')' => isBeforeWord && at > 0 && !text.AsSpan(0, at).ContainsAnyExceptInRange('0', '9'),
            _ => false,
        };
    }
}
