using System.Text;
using Relay.Cards.Documents;
using Relay.Cards.Texts;

namespace Relay.Cards.Writing;

/// <summary>Writes a card as one page that needs nothing else: no script, no file, no address.</summary>
internal sealed class HtmlCard
{
    /// <summary>What the page needs, and nothing else: it holds where the page is served, and where it was saved.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src '{CardStyle.Hash}'; base-uri 'none'; form-action 'none'";

    private readonly StringBuilder _page = new();

    private HtmlCard()
    {
    }

    public static string Write(CardDocument document) => new HtmlCard().WritePage(document);

    private string WritePage(CardDocument document)
    {
        string title = HtmlText.Encode(document.Title);
        _page.Append(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{ContentSecurityPolicy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>{title}</title>
            <style>{CardStyle.Text}</style>
            </head>
            <body>
            <main>
            <h1>{title}</h1>
            <nav aria-label="Sections"><ul>

            """);
        foreach (CardSection section in document.Sections)
        {
            _page.Append($"""<li><a href="#{section.Id}">{HtmlText.Encode(section.Title)}</a></li>""").Append('\n');
        }

        _page.Append("</ul></nav>\n");
        return _page.Append(HtmlSections.Write(document.Sections)).Append("</main>\n</body>\n</html>\n").ToString();
    }
}
