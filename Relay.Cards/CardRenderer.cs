using Relay.Cards.Documents;
using Relay.Cards.Sections;
using Relay.Cards.Writing;
using Shared.Contracts.Models;

namespace Relay.Cards;

/// <summary>Writes a model card for people.</summary>
internal static class CardRenderer
{
    /// <param name="origin">Null for a card that no relay stores.</param>
    public static string Render(ModelCard card, CardOrigin? origin, CardFormat format)
    {
        CardDocument document = CreateDocument(card, origin);
        return format is CardFormat.Html ? HtmlCard.Write(document) : MarkdownCard.Write(document);
    }

    /// <summary>What a card says, for a writer of any form.</summary>
    /// <param name="origin">Null for a card that no relay stores.</param>
    public static CardDocument CreateDocument(ModelCard card, CardOrigin? origin) => new(
        $"Model card: {card.Name}, version {card.Version}",
        [
            OverviewSection.Create(card),
            .. AnnotationsSection.Create(origin),
            GatesSection.Create(card),
            .. QualitySections.Create(card),
            .. FrontierSection.Create(card),
            .. FairnessSection.Create(card),
            DataSection.Create(card),
            .. DriftSection.Create(card),
            ProvenanceSection.Create(card, origin),
            VerifySection.Create(card),
        ]);
}
