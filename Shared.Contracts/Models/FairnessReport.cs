using System.Text.Json.Serialization;

namespace Shared.Contracts.Models;

/// <summary>Quality by the values of one column.</summary>
/// <param name="Groups">The largest ones; the last one has all other rows where there are more.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record FairnessReport(string Column, IReadOnlyList<FairnessGroup> Groups);

/// <summary>Held-out rows with one value of a column, or with one range of its numbers.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record FairnessGroup
{
    /// <summary>The value or the range; null for all other rows.</summary>
    public string? Value { get; init; }

    /// <summary>Whether these are the rows without a value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsMissing { get; init; }

    public required long Rows { get; init; }

    /// <summary>Share of right answers; null for a task without labels.</summary>
    public GroupRate? Accuracy { get; init; }

    /// <summary>Of classification and of labeled anomalies, per class; null otherwise.</summary>
    public IReadOnlyList<GroupClass>? Classes { get; init; }

    /// <summary>Share of rows that a detector flags; null for other tasks.</summary>
    public GroupRate? Flagged { get; init; }

    /// <summary>Mean absolute error of a regression, with its 95% interval.</summary>
    public GroupRate? Mae { get; init; }

    /// <summary>Mean error of a regression (predicted minus true): above 0, the group is overestimated.</summary>
    public GroupRate? Bias { get; init; }
}

/// <summary>What a group gets of one class.</summary>
/// <param name="Support">Rows of the class in the group.</param>
/// <param name="Recall">Null where the group has no row of the class.</param>
/// <param name="FalsePositiveRate">Null where the group has no row of another class.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record GroupClass(string Name, long Support, GroupRate? Recall = null, GroupRate? FalsePositiveRate = null);

/// <summary>A figure of a group with its 95% confidence interval.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record GroupRate(double Figure, double Low, double High);
