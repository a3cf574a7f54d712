using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Models;

namespace Relay.Server.Boms;

/// <summary>The model card of a version in the form of CycloneDX.</summary>
internal static class VersionModelCard
{
    public static JsonObject Create(ModelCard card) => new()
    {
        ["modelParameters"] = new JsonObject
        {
            ["approach"] = new JsonObject
            {
                ["type"] = card.Spec.Task is ModelTask.Classification or ModelTask.Regression ? "supervised" : "unsupervised",
            },
            ["task"] = Kebab(card.Spec.Task),
            ["architectureFamily"] = card.TreeCount > 0 ? "tree ensemble" : "other",
            ["modelArchitecture"] = Kebab(card.Spec.Algorithm),
            ["datasets"] = new JsonArray([.. Datasets(card).Select(reference => new JsonObject { ["ref"] = reference })]),
            ["inputs"] = new JsonArray([.. card.Schema.Inputs.Select(input => Format($"{input.Name}: {Kebab(input.Type)}"))]),
            ["outputs"] = new JsonArray([.. Outputs(card.Schema).Select(Format)]),
        },
        ["quantitativeAnalysis"] = new JsonObject
        {
            ["performanceMetrics"] = new JsonArray([.. card.Metrics.Figures.Select(figure => new JsonObject
            {
                ["type"] = figure.Name,
                ["value"] = BomComponents.Number(figure.Value),
                ["slice"] = "held-out rows",
            })]),
        },
    };

    private static IEnumerable<string> Datasets(ModelCard card) => card.Import is null ? ["data:train", "data:test"] : ["data:test"];

    private static IEnumerable<string> Outputs(ModelSchema schema) => schema.Task switch
    {
        ModelTask.Classification => [ModelSchema.LabelOutput, ModelSchema.ProbabilitiesOutput],
        ModelTask.Regression => [ModelSchema.ValueOutput],
        ModelTask.AnomalyDetection => [ModelSchema.LabelOutput, ModelSchema.ScoreOutput],
        _ => [ModelSchema.FeaturesOutput],
    };

    private static JsonObject Format(string text) => new() { ["format"] = text };

    private static string Kebab<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
