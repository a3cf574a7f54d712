using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Rows as read, column by column: the spec's features in the spec's order, and the class of each row.</summary>
/// <param name="Labels">Per row, an index into <paramref name="Classes"/>.</param>
/// <param name="Classes">Class names: the spec's label groups in its order, else the raw labels of training in ordinal order.</param>
public sealed record DataSet(
    IReadOnlyList<DataColumn> Columns, int[] Labels, IReadOnlyList<string> Classes, DataSummary Summary)
{
    public long Rows => Labels.Length;
}

/// <summary>What to train on and what to hold out.</summary>
public sealed record DataSplit(DataSet Train, DataSet Test);
