using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Models.Comparison;

/// <summary>Compares what two versions were made with: all members of specs and records, so that none of a later release is forgotten.
/// Pure.</summary>
internal static class SettingsComparer
{
    /// <summary>Columns are compared by themselves, and these say nothing about the model.</summary>
    private static readonly string[] OtherMembers = ["name", "columns", "twoPeople", "training.incumbent"];

    public static IReadOnlyList<SettingComparison> Compare(ModelCard version, ModelCard with)
    {
        Dictionary<string, string> first = Read(version);
        Dictionary<string, string> second = Read(with);
        return
        [
            .. first.Keys.Union(second.Keys, StringComparer.Ordinal)
                .Select(name => new SettingComparison(name, first.GetValueOrDefault(name), second.GetValueOrDefault(name)))
                .Where(setting => setting.Version != setting.With),
        ];
    }

    private static Dictionary<string, string> Read(ModelCard card)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        Add(settings, "", JsonSerializer.SerializeToElement(card.Spec, ModelJson.Default.ModelSpec));
        if (card.Tuning is { } tuning)
        {
            Add(settings, "tuning.parameters", JsonSerializer.SerializeToElement(tuning.Parameters, ModelJson.Default.ModelParameters));
        }

        if (card.Budget is { } budget)
        {
            Add(settings, "budget.parameters", JsonSerializer.SerializeToElement(budget.Parameters, ModelJson.Default.ModelParameters));
        }

        if (card.Training is { } training)
        {
            Add(settings, "training", JsonSerializer.SerializeToElement(training, ModelJson.Default.TrainingRecord));
        }

        if (card.Import is { } import)
        {
            settings["import.file"] = JsonSerializer.Serialize(import.File, ModelJson.Default.String);
            settings["import.format"] = JsonSerializer.Serialize(import.Format, ModelJson.Default.String);
            settings["import.sha256"] = JsonSerializer.Serialize(import.Sha256, ModelJson.Default.String);
        }

        return settings;
    }

    /// <summary>Adds the values of an object by their paths; a list is one value.</summary>
    private static void Add(Dictionary<string, string> settings, string path, JsonElement value)
    {
        if (OtherMembers.Contains(path, StringComparer.Ordinal))
        {
            return;
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            settings[path] = value.GetRawText();
            return;
        }

        foreach (JsonProperty member in value.EnumerateObject())
        {
            Add(settings, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
        }
    }
}
