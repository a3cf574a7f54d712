using System.Net;
using Shared.Contracts;

namespace Relay.Cards.Texts;

/// <summary>Text of others in a page: no markup, and no character that is invisible or turns the text around it.</summary>
internal static class HtmlText
{
    // Two code points are no characters, and parsers refuse them.
    public static string Encode(string text) => WebUtility.HtmlEncode(
        DisplayText.Escape(text).Replace("\uFFFE", "\\ufffe", StringComparison.Ordinal).Replace("\uFFFF", "\\uffff", StringComparison.Ordinal));

    /// <summary>Lines of this program, whose ends stay.</summary>
    public static string EncodeLines(string text) => string.Join('\n', text.Split('\n').Select(Encode));
}
