namespace Relay.Cards.Documents;

/// <summary>What a model card says, before it is written as Markdown or HTML. All of it is plain text, which writers escape.</summary>
internal sealed record CardDocument(string Title, IReadOnlyList<CardSection> Sections);

/// <summary>A part of a card under a heading.</summary>
/// <param name="Id">The anchor of the heading: letters and hyphens.</param>
internal sealed record CardSection(string Id, string Title, IReadOnlyList<CardBlock> Blocks);
