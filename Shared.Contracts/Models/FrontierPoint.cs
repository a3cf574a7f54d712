using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>One model of a search for a small one: its size and its quality on rows that it did not learn from.</summary>
/// <param name="SizeBytes">Of its file.</param>
/// <param name="Quality">The figure that versions are compared by.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record FrontierPoint(long SizeBytes, double Quality)
{
    public int? Trees { get; init; }

    public int? Depth { get; init; }

    /// <summary>Whether this is the model of the version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsChosen { get; init; }
}
