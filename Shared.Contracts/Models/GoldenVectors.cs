using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>Rows with the outputs of one-threaded ONNX Runtime at the export of the model. A node predicts these rows before it
/// activates the model, and refuses the model where an output differs.</summary>
/// <param name="Numbers">Per row, the number inputs in schema order; null is a missing value.</param>
/// <param name="Categories">Per row, the category inputs in schema order; empty text is a missing value.</param>
/// <param name="Labels">Per row, the expected label; empty for a task without labels.</param>
/// <param name="OutputBits">Per row, the expected numeric output as the bits of float32.</param>
public sealed record GoldenVectors(
    IReadOnlyList<IReadOnlyList<float?>> Numbers,
    IReadOnlyList<IReadOnlyList<string>> Categories,
    IReadOnlyList<string> Labels,
    IReadOnlyList<IReadOnlyList<uint>> OutputBits)
{
    [JsonIgnore]
    public int Rows => OutputBits.Count;

    /// <summary>The expected label of a row, or null for a task without labels.</summary>
    public string? LabelOf(int row) => Labels.Count == 0 ? null : Labels[row];
}
