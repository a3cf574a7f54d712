using Relay.Cards.Documents;
using Relay.Cards.Texts;

namespace Relay.Cards.Sections;

/// <summary>What people said of the version after it was made.</summary>
internal static class AnnotationsSection
{
    public static IEnumerable<CardSection> Create(CardOrigin? origin)
    {
        if (origin is null or { Tags.Count: 0, Note: null })
        {
            yield break;
        }

        List<CardBlock> blocks =
            [new CardBlock.Paragraph("People set these at the relay after the version was made. They can change, and no signature covers them.")];
        if (origin.Tags.Count > 0)
        {
            blocks.Add(new CardBlock.Table(
                "Tags", ["Tag", "Value"],
                [.. origin.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => new[] { tag.Key, tag.Value })])
            {
                AreNumbers = false,
            });
        }

        if (origin.Note is { } note)
        {
            blocks.Add(new CardBlock.Paragraph(
                FormattableString.Invariant($"Note of {note.SetAt.UtcDateTime:u}, by {note.SetBy ?? CardText.None}:")));
            blocks.Add(new CardBlock.Lines(note.Text));
        }

        yield return new CardSection("annotations", "Tags and note", blocks);
    }
}
