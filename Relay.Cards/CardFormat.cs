namespace Relay.Cards;

/// <summary>The forms of a card for people.</summary>
internal enum CardFormat
{
    Html,
    Markdown,
}
