using System.Net;
using System.Text.RegularExpressions;

namespace Relay.TestKit;

/// <summary>What the console answered.</summary>
/// <param name="Location">Where a redirect leads; null for other answers.</param>
/// <param name="Html">The page as it was sent.</param>
public sealed partial record ConsoleAnswer(HttpStatusCode Status, string? Location, string Html)
{
    /// <summary>What a person reads: without tags, and with one space in the place of several.</summary>
    public string Text => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Html, " ")), " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
