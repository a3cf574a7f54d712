using System.Net;
using Relay.TestKit;

namespace Relay.Server.Tests.WebConsole;

/// <summary>Reads what a form of a page holds.</summary>
internal static class ConsoleForms
{
    /// <summary>The text of the first text area.</summary>
    public static string ReadTextarea(this ConsoleAnswer page)
    {
        int start = page.Html.IndexOf('>', page.Html.IndexOf("<textarea", StringComparison.Ordinal)) + 1;
        return WebUtility.HtmlDecode(page.Html[start..page.Html.IndexOf("</textarea>", StringComparison.Ordinal)]).Trim();
    }
}
