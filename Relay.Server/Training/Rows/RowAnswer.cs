using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Training;
using Shared.Contracts.Models;

namespace Relay.Server.Training.Rows;

/// <summary>What came of a request for the rows of a run: the files in its folder, or why there are none.</summary>
internal sealed record RowAnswer
{
    /// <summary>The name of the file with the training rows; null where there are none.</summary>
    public string? Train { get; init; }

    /// <summary>The name of the file with the held-out rows; null where the run has a file of its own for them.</summary>
    public string? Test { get; init; }

    public DatasetUse? Use { get; init; }

    /// <summary>Why the dataset has no such rows; null where it has, or where the relay failed.</summary>
    public TrainingFault? Fault { get; init; }

    /// <summary>Says it; null where the rows are there.</summary>
    public string? Detail { get; init; }

    /// <summary>True where the disk or a file kept the relay from writing them.</summary>
    public bool IsStorage { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, RowAnswerJson.Default.RowAnswer);

    public static RowAnswer FromJson(string json) => JsonSerializer.Deserialize(json, RowAnswerJson.Default.RowAnswer)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RowAnswer))]
internal sealed partial class RowAnswerJson : JsonSerializerContext;
