using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>Reads the specs and cards that a relay has stored. A newer version may have written them: members that this version does not know
/// are ignored, so that the model can be shown and released; it cannot be trained, because they may matter (ADR 21).</summary>
internal static class StoredModelJson
{
    private static readonly ModelJson Tolerant = new(new JsonSerializerOptions(ModelJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        TypeInfoResolver = null,
    });

    public static ModelSpec ReadSpec(string json) => JsonSerializer.Deserialize(json, Tolerant.ModelSpec)!;

    public static ModelCard ReadCard(string json) => JsonSerializer.Deserialize(json, Tolerant.ModelCard)!;

    /// <summary>The metrics of a stored card, without reading all that lists do not show.</summary>
    public static ModelMetrics ReadMetrics(string card)
    {
        using JsonDocument document = JsonDocument.Parse(card);
        return document.RootElement.GetProperty("metrics").Deserialize(Tolerant.ModelMetrics)!;
    }

    /// <summary>Says which member of a stored spec this version does not know; null where it knows all.</summary>
    public static string? FindUnknownMember(string json)
    {
        try
        {
            _ = JsonSerializer.Deserialize(json, ModelJson.Default.ModelSpec);
            return null;
        }
        catch (JsonException unknown)
        {
            return $"the stored spec has a member that this version of the relay does not know, at {unknown.Path}: update " +
                $"the relay, or replace the spec";
        }
    }
}
