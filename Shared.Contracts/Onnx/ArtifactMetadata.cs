using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Json;
using Shared.Contracts.Models;

namespace Shared.Contracts.Onnx;

/// <summary>Reads the metadata of an artifact and checks it against the graph.</summary>
internal static class ArtifactMetadata
{
    /// <returns>What does not match, or null and the description.</returns>
    public static string? Read(ModelProto model, out ArtifactDescription? description)
    {
        description = null;
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in model.MetadataProps)
        {
            if (!texts.TryAdd(entry.Key, entry.Value))
            {
                return $"{entry.Key} is given twice";
            }
        }

        if (!ModelSpecRules.IsName(texts.GetValueOrDefault(ModelMetadataKeys.Name)))
        {
            return $"{ModelMetadataKeys.Name} is missing or is not a model's name";
        }

        if (!int.TryParse(texts.GetValueOrDefault(ModelMetadataKeys.Version), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || version < 1)
        {
            return $"{ModelMetadataKeys.Version} is missing or is not a number from 1";
        }

        string schemaText = texts.GetValueOrDefault(ModelMetadataKeys.Schema, "");
        string hash = ModelSchema.ComputeHash(schemaText);
        if (hash != texts.GetValueOrDefault(ModelMetadataKeys.SchemaHash))
        {
            return $"{ModelMetadataKeys.SchemaHash} is not the hash of {ModelMetadataKeys.Schema}";
        }

        GoldenVectors? golden = null;
        float? offset = null;
        ModelMetrics? metrics = null;
        string? error =
            Parse(texts, ModelMetadataKeys.Schema, ArtifactJson.Default.ModelSchema, out ModelSchema? schema)
            ?? SchemaRules.FindError(schema!)
            ?? GraphInterface.FindError(model.Graph, schema!)
            ?? ParseOffset(texts, out offset)
            ?? SchemaRules.FindError(offset, schema!)
            ?? Parse(texts, ModelMetadataKeys.Golden, ArtifactJson.Default.GoldenVectors, out golden)
            ?? SchemaRules.FindError(golden!, schema!)
            ?? (texts.ContainsKey(ModelMetadataKeys.Metrics)
                ? Parse(texts, ModelMetadataKeys.Metrics, ArtifactJson.Default.ModelMetrics, out metrics)
                : null);
        if (error is null)
        {
            description = new()
            {
                Name = texts[ModelMetadataKeys.Name],
                Version = version,
                Schema = schema!,
                SchemaHash = hash,
                Golden = golden!,
                Metrics = metrics,
                DataDigest = texts.GetValueOrDefault(ModelMetadataKeys.DataDigest),
                Offset = offset,
                Samples = SampleRules.Read(texts.GetValueOrDefault(ModelMetadataKeys.Samples), schema!),
            };
        }

        return error;
    }

    private static string? ParseOffset(Dictionary<string, string> texts, out float? offset)
    {
        offset = null;
        if (!texts.TryGetValue(ModelMetadataKeys.Offset, out string? text))
        {
            return null;
        }

        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value))
        {
            return $"{ModelMetadataKeys.Offset} is not a number";
        }

        offset = value;
        return null;
    }

    private static string? Parse<T>(Dictionary<string, string> texts, string key, JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        value = null;
        try
        {
            value = texts.TryGetValue(key, out string? text) ? JsonSerializer.Deserialize(text, type) : null;
            return value is null ? $"{key} is missing" : null;
        }
        // The serializer throws NotSupportedException for metrics without a task.
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return $"{key}: {(e is JsonException json ? JsonErrorText.Describe(json) : e.Message)}";
        }
    }
}
