using Shared.Contracts.Datasets;
using Shared.Contracts.Models;

namespace Relay.Server.Datasets.Selection;

/// <summary>Whether a dataset has what a model learns from.</summary>
internal static class TrainingColumns
{
    /// <summary>What the spec of a model needs and the dataset does not have; null where it has all.</summary>
    public static string? FindMissing(ModelSpec model, DatasetSpec dataset)
    {
        foreach (ColumnSpec column in Read(model))
        {
            ColumnType? type = dataset.Columns.FirstOrDefault(c => c.Name == column.Name)?.Type;
            if (type != column.Type && !(column.Type is ColumnType.Ignore && type is not (null or ColumnType.Label)))
            {
                return $"a dataset with a column '{column.Name}' of type {column.Type.ToString().ToLowerInvariant()}";
            }
        }

        bool needsNumbers = model.Task is ModelTask.Regression;
        return model.Columns.Any(c => c.Type is ColumnType.Label) && dataset.Label?.Number == !needsNumbers
            ? $"a dataset whose labels are {(needsNumbers ? "numbers" : "classes")}"
            : null;
    }

    /// <summary>The columns of the file that a run reads, in the order of the model's spec.</summary>
    public static IEnumerable<ColumnSpec> Read(ModelSpec model) =>
        model.Columns.Where(c => c.Type is not ColumnType.Ignore).Concat(model.GroupColumns);
}
