using System.Text.Json;
using Relay.Cards.Documents;
using Relay.Cards.Texts;
using Shared.Contracts.Models;

namespace Relay.Cards.Sections;

/// <summary>What the model is, in a few lines.</summary>
internal static class OverviewSection
{
    public static CardSection Create(ModelCard card)
    {
        string classes = card.Schema.Classes.Count > 0 ? $" and {card.Schema.Classes.Count} classes" : "";
        string made = card.Import is { } import
            ? $"It was imported from the file {CardText.Name(import.File)} of the form {import.Format}."
            : $"It was trained by the engine {card.Spec.Engine} with the algorithm {NameOf(card.Spec.Algorithm)}.";
        List<CardBlock> blocks =
        [
            new CardBlock.Paragraph($"The model {card.Name} does {NameOf(card.Spec.Task)} with {card.Schema.Inputs.Count} inputs{classes}. {made}"),
            new CardBlock.Table("At a glance", ["Figure", "Value"], [.. Rows(card)]),
        ];
        if (card.SchemaChange is { } change)
        {
            blocks.Add(
                new CardBlock.Paragraph(
                    $"Its schema is another one than that of version {change.Since}, and apps that were built for that one refuse it:"));
            blocks.Add(new CardBlock.Items(change.Differences));
        }

        return new CardSection("overview", "Overview", blocks);
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(ModelCard card)
    {
        foreach (MetricValue figure in card.Metrics.Figures)
        {
            yield return [figure.Name, CardText.Figure(figure.Value)];
        }

        yield return ["held-out rows", CardText.Count(card.Metrics.Rows)];
        yield return ["size of the file in bytes", CardText.Count(card.SizeBytes)];
        if (card.TreeCount > 0)
        {
            yield return ["trees", CardText.Count(card.TreeCount)];
            yield return ["nodes of trees", CardText.Count(card.NodeCount)];
        }

        yield return [card.Import is null ? "largest difference from the trainer" : "largest difference from the graph's reference",
            CardText.Figure(card.Parity.MaxAbsDiff)];
        yield return ["labels that differ from it", CardText.Count(card.Parity.LabelDisagreements)];
    }

    /// <summary>As specs write it.</summary>
    private static string NameOf(ModelTask task) => JsonSerializer.SerializeToElement(task, ModelJson.Default.ModelTask).GetString()!;

    private static string NameOf(ModelAlgorithm algorithm) =>
        JsonSerializer.SerializeToElement(algorithm, ModelJson.Default.ModelAlgorithm).GetString()!;
}
