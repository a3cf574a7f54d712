using System.Text;
using Relay.Cards.Documents;
using Relay.Cards.Plots;
using Relay.Cards.Texts;

namespace Relay.Cards.Writing;

/// <summary>Writes the sections of a card as HTML, for a page of any style sheet that has the classes of tables and plots.</summary>
internal sealed class HtmlSections
{
    private readonly StringBuilder _page = new();
    private int _plots;

    private HtmlSections()
    {
    }

    public static string Write(IReadOnlyList<CardSection> sections)
    {
        HtmlSections writer = new();
        foreach (CardSection section in sections)
        {
            writer.Append(section);
        }

        return writer._page.ToString();
    }

    private void Append(CardSection section)
    {
        _page.Append($"""<section aria-labelledby="{section.Id}"><h2 id="{section.Id}">{HtmlText.Encode(section.Title)}</h2>""").Append('\n');
        foreach (CardBlock block in section.Blocks)
        {
            Append(block);
        }

        _page.Append("</section>\n");
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
