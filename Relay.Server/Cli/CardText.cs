using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>What people read of the card of a version that was just made.</summary>
internal static class CardText
{
    /// <summary>One line for each warning, one with figures, one on an import, those of gates, and one on a changed schema.</summary>
    public static IEnumerable<string> Describe(ModelCard card)
    {
        foreach (string warning in card.Train.Warnings ?? [])
        {
            yield return DisplayText.Format($"warning: {warning}");
        }

        string figures = string.Join(
            ", ", card.Metrics.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Value:G4}")));
        yield return DisplayText.Format($"{card.Name} version {card.Version}: {figures} on {card.Metrics.Rows} held-out rows, ")
            + DisplayText.Format($"parity {card.Parity.MaxAbsDiff:G3} with {card.Parity.LabelDisagreements} label disagreements, ")
            + DisplayText.Format($"{card.SizeBytes} bytes");
        if (card.Import is { } import)
        {
            yield return DisplayText.Format($"Imported from {import.File} ({import.Format}): {import.Thresholds} thresholds, ")
                + DisplayText.Format($"{import.TreeRows + import.ThresholdRows + import.GivenRows} rows compared, none changed sides, ")
                + DisplayText.Format($"largest difference {import.MaxAbsDiff:G3}; ")
                + (import.Signer is { } signer ? DisplayText.Format($"signed by {signer.Subject ?? signer.KeySha256}") : "not signed by its giver");
        }

        foreach (string line in GateText.Describe(card.Gates ?? []))
        {
            yield return line;
        }

        if (card.SchemaChange is { } change)
        {
            yield return DisplayText.Format($"SCHEMA CHANGE since version {change.Since}: {SchemaComparison.Join(change.Differences)}. ")
                + "Apps that were built for that one refuse it; a channel that runs it takes it by 'relay publish --schema-change'.";
        }
    }
}
