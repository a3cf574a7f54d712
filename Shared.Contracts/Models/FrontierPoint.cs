using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>One model of a search for a small one: its size and its quality on rows that it did not learn from.</summary>
/// <param name="SizeBytes">Of its file.</param>
/// <param name="Quality">The figure that versions are compared by, on parts of the training rows.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record FrontierPoint(long SizeBytes, double Quality)
{
    public int? Trees { get; init; }

    public int? Depth { get; init; }

    /// <summary>Microseconds of the median row on the scorer that nodes choose, on the machine that trained; null where it was not
    /// measured.</summary>
    public double? Microseconds { get; init; }

    /// <summary>Points that the quality is below that of the full model, see <see cref="BudgetSpec.MaxQualityLoss"/>.</summary>
    public double? Loss { get; init; }

    /// <summary>The 95% interval of the loss, over rows.</summary>
    public GateInterval? Interval { get; init; }

    /// <summary>The parameters that give the model.</summary>
    public ModelParameters? Parameters { get; init; }

    /// <summary>Whether this is the model of the version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsChosen { get; init; }

    /// <summary>Whether this is the model that the parameters of the spec give.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsFull { get; init; }
}
