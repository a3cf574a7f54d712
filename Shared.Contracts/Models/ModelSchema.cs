using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>The contract between a model and its callers: inputs by name, type and order, and outputs. Every task has one numeric
/// output <see cref="NumericOutput"/>, [rows, <see cref="OutputWidth"/>] of float32; tasks with labels have the output
/// <see cref="LabelOutput"/>, [rows] of text, too.</summary>
/// <param name="Inputs">The graph's inputs, each of shape [rows, 1]; number is float32, category is text.</param>
/// <param name="Classes">The labels: probability i belongs to class i, an anomaly detector has <see cref="AnomalyClasses"/>, tasks
/// without labels have none.</param>
/// <param name="Benign">The class that means "nothing wrong", or null.</param>
public sealed record ModelSchema(IReadOnlyList<ColumnSpec> Inputs, IReadOnlyList<string> Classes, string? Benign = null)
{
    /// <summary>The graph output [rows] of text: the class with the highest probability, the first one on a tie; of an anomaly
    /// detector, anomaly where the score is below the offset.</summary>
    public const string LabelOutput = "label";

    /// <summary>The numeric output of classification.</summary>
    public const string ProbabilitiesOutput = "probabilities";

    /// <summary>The numeric output of regression.</summary>
    public const string ValueOutput = "value";

    /// <summary>The numeric output of anomaly detection: from -1 to 0, lower means more anomalous.</summary>
    public const string ScoreOutput = "score";

    /// <summary>The numeric output of scaling: the inputs in their order.</summary>
    public const string FeaturesOutput = "features";

    /// <summary>The labels of every anomaly detector: the label of normal rows, then that of anomalies.</summary>
    public static IReadOnlyList<string> AnomalyClasses { get; } = ["normal", "anomaly"];

    /// <summary>Not written for classification, so that files from the time before other tasks keep their hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ModelTask Task { get; init; }

    [JsonIgnore]
    public string NumericOutput => NumericOutputOf(Task);

    /// <summary>Numbers per row of the numeric output.</summary>
    [JsonIgnore]
    public int OutputWidth => Task switch
    {
        ModelTask.Classification => Classes.Count,
        ModelTask.Scaling => Inputs.Count,
        _ => 1,
    };

    [JsonIgnore]
    public bool HasLabels => TaskHasLabels(Task);

    public static string NumericOutputOf(ModelTask task) => task switch
    {
        ModelTask.Classification => ProbabilitiesOutput,
        ModelTask.Regression => ValueOutput,
        ModelTask.AnomalyDetection => ScoreOutput,
        ModelTask.Scaling => FeaturesOutput,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    public static bool TaskHasLabels(ModelTask task) => task is ModelTask.Classification or ModelTask.AnomalyDetection;

    /// <summary>The canonical text of this schema: it is in the artifact's metadata, and the hash is over it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ArtifactJson.Default.ModelSchema);

    /// <summary>SHA-256 of <see cref="ToJson"/> in UTF-8, lower-case hexadecimal.</summary>
    public string Hash() => ComputeHash(ToJson());

    /// <summary>SHA-256 of a schema's text in UTF-8, lower-case hexadecimal.</summary>
    public static string ComputeHash(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}
