using System.Text;
using Relay.Cards.Documents;

namespace Relay.Cards.Writing;

/// <summary>Writes a card as Markdown with tables, as GitHub and GitLab show it. Plots are left out: the tables have their figures.</summary>
internal static class MarkdownCard
{
    public static string Write(CardDocument document)
    {
        StringBuilder text = new();
        text.Append("# ").Append(MarkdownText.Encode(document.Title)).Append('\n');
        foreach (CardSection section in document.Sections)
        {
            text.Append("\n## ").Append(MarkdownText.Encode(section.Title)).Append('\n');
            foreach (CardBlock block in section.Blocks)
            {
                Append(text, block);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, CardBlock block)
    {
        switch (block)
        {
            case CardBlock.Paragraph paragraph:
                text.Append('\n').Append(MarkdownText.Encode(paragraph.Text)).Append('\n');
                break;
            case CardBlock.Lines lines:
                text.Append('\n').AppendJoin("  \n", lines.Text.Split('\n').Select(line => $"> {MarkdownText.Encode(line)}".TrimEnd())).Append('\n');
                break;
            case CardBlock.Items items:
                text.Append('\n').AppendJoin('\n', items.Texts.Select(t => $"- {MarkdownText.Encode(t)}")).Append('\n');
                break;
            case CardBlock.Table table:
                text.Append("\n**").Append(MarkdownText.Encode(table.Caption)).Append("**\n\n");
                AppendRow(text, table.Headers.Select(MarkdownText.Encode));
                AppendRow(text, table.Headers.Select((_, i) => i > 0 && table.AreNumbers ? "---:" : "---"));
                foreach (IReadOnlyList<string> row in table.Rows)
                {
                    AppendRow(text, row.Select(MarkdownText.Encode));
                }

                break;
            case CardBlock.Commands commands:
                text.Append("\n```sh\n").Append(commands.Text).Append("\n```\n");
                break;
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
