using System.Text;
using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;

namespace Relay.Cards.Writing;

/// <summary>Writes a card as one page that needs nothing else: no script, no file, no address.</summary>
internal sealed class HtmlCard
{
    /// <summary>What the page needs, and nothing else: it holds where the page is served, and where it was saved.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src '{CardStyle.Hash}'; base-uri 'none'; form-action 'none'";

    private readonly StringBuilder _page = new();
    private int _plots;

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
        foreach (CardSection section in document.Sections)
        {
            _page.Append($"""<section aria-labelledby="{section.Id}"><h2 id="{section.Id}">{HtmlText.Encode(section.Title)}</h2>""").Append('\n');
            foreach (CardBlock block in section.Blocks)
            {
                Append(block);
            }

            _page.Append("</section>\n");
        }

        return _page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private void Append(CardBlock block)
    {
        switch (block)
        {
            case CardBlock.Paragraph paragraph:
                _page.Append("<p>").Append(HtmlText.Encode(paragraph.Text)).Append("</p>\n");
                break;
            case CardBlock.Lines lines:
                _page.Append("<pre tabindex=\"0\">").Append(HtmlText.EncodeLines(lines.Text)).Append("</pre>\n");
                break;
            case CardBlock.Items items:
                _page.Append("<ul>").AppendJoin("", items.Texts.Select(t => $"<li>{HtmlText.Encode(t)}</li>")).Append("</ul>\n");
                break;
            case CardBlock.Table table:
                AppendTable(table);
                break;
            case CardBlock.Figures figures:
                _page.Append("<div class=\"figures\">\n");
                foreach (Plot plot in figures.Plots)
                {
                    _page.Append($"<figure><figcaption>{HtmlText.Encode(plot.Title)}</figcaption>\n{plot.ToSvg($"plot{++_plots}")}\n</figure>\n");
                }

                _page.Append("</div>\n");
                break;
            case CardBlock.Commands commands:
                _page.Append("<pre tabindex=\"0\"><code>").Append(HtmlText.EncodeLines(commands.Text)).Append("</code></pre>\n");
                break;
        }
    }

    // A wide table scrolls by itself, also by keyboard, and not the page.
    private void AppendTable(CardBlock.Table table)
    {
        string caption = HtmlText.Encode(table.Caption);
        _page.Append($"""<div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table{(table.AreNumbers ? " class=\"n\"" : "")}><caption>{caption}</caption>""");
        _page.Append("\n<thead><tr>").AppendJoin("", table.Headers.Select(h => $"<th scope=\"col\">{HtmlText.Encode(h)}</th>"))
            .Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            _page.Append($"<tr><th scope=\"row\">{HtmlText.Encode(row[0])}</th>");
            _page.AppendJoin("", row.Skip(1).Select(cell => $"<td>{HtmlText.Encode(cell)}</td>")).Append("</tr>\n");
        }

        _page.Append("</tbody></table></div>\n");
    }
}
