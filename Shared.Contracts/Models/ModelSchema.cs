using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shared.Contracts.Models;

/// <summary>The contract between a model and its callers: inputs by name, type and order, and the classes it tells apart.</summary>
/// <param name="Inputs">The graph's inputs, each of shape [rows, 1]; number is float32, category is text.</param>
/// <param name="Classes">Class names; probability i belongs to class i.</param>
/// <param name="Benign">The class that means "nothing wrong", or null.</param>
public sealed record ModelSchema(IReadOnlyList<ColumnSpec> Inputs, IReadOnlyList<string> Classes, string? Benign = null)
{
    /// <summary>The graph output [rows] of text: the class with the highest probability, the first one on a tie.</summary>
    public const string LabelOutput = "label";

    /// <summary>The graph output [rows, classes] of float32.</summary>
    public const string ProbabilitiesOutput = "probabilities";

    /// <summary>The one text of this schema: what stands in the artifact's metadata and what the hash is taken over.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ModelJson.Default.ModelSchema);

    /// <summary>SHA-256 of <see cref="ToJson"/> in UTF-8, lower-case hexadecimal.</summary>
    public string Hash() => HashOf(ToJson());

    /// <summary>SHA-256 of a schema's text in UTF-8, lower-case hexadecimal.</summary>
    public static string HashOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
}

/// <summary>Quality on held-out rows. Shares are between 0 and 1.</summary>
/// <param name="Rows">Held-out rows.</param>
/// <param name="Accuracy">Share of rows with the right label.</param>
/// <param name="MacroF1">Mean F1 over the classes that occur in the held-out rows or are predicted for them.</param>
/// <param name="LogLoss">Mean negative log probability of the right class, in nats, probabilities clipped at 1e-15.</param>
/// <param name="MacroAuc">Mean one-versus-rest area under the ROC curve over the classes that have both kinds of row.</param>
/// <param name="Classes">Per class, in the schema's order.</param>
public sealed record ModelMetrics(
    long Rows, double Accuracy, double MacroF1, double LogLoss, double MacroAuc, IReadOnlyList<ClassMetrics> Classes);

/// <summary>Quality of one class on held-out rows.</summary>
/// <param name="Support">Held-out rows of the class.</param>
/// <param name="FalsePositiveRate">Share of the other classes' rows that were given this class.</param>
public sealed record ClassMetrics(
    string Name, long Support, double Precision, double Recall, double F1, double FalsePositiveRate);
