using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Rows as read, column by column: the spec's features in the spec's order, and the class of each row.</summary>
/// <param name="Labels">Per row, an index into <paramref name="Classes"/>; all 0 where there are no classes.</param>
/// <param name="Classes">Class names: the spec's label groups in its order, else the raw labels of training in ordinal order. For anomaly
/// detection with known anomalies <see cref="ModelSchema.AnomalyClasses"/>; otherwise none.</param>
public sealed record DataSet(
    IReadOnlyList<DataColumn> Columns, int[] Labels, IReadOnlyList<string> Classes, DataSummary Summary)
{
    public long Rows => Labels.Length;

    /// <summary>Of held-out rows, the columns that the spec names in fairness and the model does not read.</summary>
    public IReadOnlyList<CategoryColumn> Groups { get; init; } = [];

    /// <summary>Per row the number to learn, finite; null unless the task is regression.</summary>
    public float[]? Targets { get; init; }

    /// <summary>Per training row how much it counts, finite and above 0: the product of its weight and of the factors of its class and
    /// age. Null: all count 1, as held-out rows always do.</summary>
    public float[]? SampleWeights { get; init; }
}
