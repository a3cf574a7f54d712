using System.Text.Json;

namespace Shared.Contracts.Models;

/// <summary>Checks what a spec lets nodes send, and reads it from an artifact.</summary>
internal static class SampleRules
{
    public static SpecProblem? FirstProblem(ModelSpec spec)
    {
        if (spec.Samples is not { } samples)
        {
            return null;
        }

        if (!ModelSpecRules.IsName(samples.Dataset))
        {
            return ModelSpecRules.Broken("$.samples.dataset", samples.Dataset is null ? "null" : $"\"{samples.Dataset}\"");
        }

        if (samples.Columns is not { Count: > 0 })
        {
            return ModelSpecRules.Broken("$.samples.columns", samples.Columns is null ? "null" : "an empty list");
        }

        for (int i = 0; i < samples.Columns.Count; i++)
        {
            string? column = samples.Columns[i];
            bool isFeature = spec.Features.Any(feature => feature.Name == column);
            if (!isFeature || samples.Columns.Take(i).Contains(column, StringComparer.Ordinal))
            {
                return ModelSpecRules.Broken(
                    $"$.samples.columns[{i}]", column is null ? "null" : $"\"{column}\"{(isFeature ? " a second time" : "")}");
            }
        }

        return null;
    }

    /// <summary>Text of an artifact. One that this version cannot read lets a node send nothing.</summary>
    public static SampleConsent? Read(string? text, ModelSchema schema)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, ArtifactJson.Default.SampleConsent) is { Columns: { } columns } consent
                && ModelSpecRules.IsName(consent.Dataset)
                && columns.All(column => schema.Inputs.Any(input => input.Name == column))
                ? consent
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
