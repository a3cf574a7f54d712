using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Weighting;

/// <summary>Computes the sample weight of each training row: the product of its weight cell, the factor of its class and that of its age.</summary>
internal static class RowWeights
{
    /// <param name="source">Names the file in messages.</param>
    /// <param name="rows">Of the training rows that are not too old.</param>
    /// <param name="classRows">Rows per class, of all shards.</param>
    /// <param name="age">Null where age does not matter.</param>
    /// <returns>Per row, finite and above 0; null: all count 1.</returns>
    /// <exception cref="TrainingException">The spec weighs a class that is not there, or a product is out of float32's range.</exception>
    public static float[]? Compute(
        ModelSpec spec, string source, RawWeightInputs rows, int[] labels, IReadOnlyList<string> classes,
        IReadOnlyDictionary<string, long> classRows, AgeWeighting? age)
    {
        double[]? ofClass = OfClasses(spec, classes, classRows);
        if (rows.Weights is null && ofClass is null && age is null)
        {
            return null;
        }

        float[] weights = new float[labels.Length];
        for (int row = 0; row < weights.Length; row++)
        {
            double weight = (rows.Weights?[row] ?? 1) * (ofClass?[labels[row]] ?? 1) * (age?.Factor(rows.Times![row]) ?? 1);
            weights[row] = (float)weight;
            if (!(float.IsNormal(weights[row]) && weights[row] > 0))
            {
                throw Refuse(spec, source, rows, row, classes.Count == 0 ? null : classes[labels[row]], weight);
            }
        }

        return weights;
    }

    private static TrainingException Refuse(ModelSpec spec, string source, RawWeightInputs rows, int row, string? itsClass, double weight)
    {
        string where = rows.Lines is { } lines ? $"{source}:{lines[row]}" : $"{source}, training row {row + 1}";
        string column = spec.Columns.FirstOrDefault(c => c.Type is ColumnType.Weight) is { } weights ? $", column '{weights.Name}'" : "";
        string ofClass = itsClass is null ? "" : $" of class '{itsClass}'";
        return new TrainingException(
            TrainingFault.InvalidData,
            $"{where}{column}: the weight {rows.Weights?[row] ?? 1:R} of a row{ofClass} times its factors of class and age is {weight:R}, " +
                $"expected {WeightColumnBuilder.Expected}");
    }

    private static double[]? OfClasses(ModelSpec spec, IReadOnlyList<string> classes, IReadOnlyDictionary<string, long> classRows)
    {
        if (spec.Weights.Balanced)
        {
            double total = classRows.Values.Sum();
            return [.. classes.Select(name => total / (classes.Count * (double)Math.Max(1, classRows[name])))];
        }

        if (spec.Weights.Classes.Count == 0)
        {
            return null;
        }

        string[] unknown = [.. spec.Weights.Classes.Keys.Where(name => !classes.Contains(name, StringComparer.Ordinal))];
        return unknown.Length == 0
            ? [.. classes.Select(name => spec.Weights.Classes.GetValueOrDefault(name, 1))]
            : throw new TrainingException(
                TrainingFault.InvalidSpec,
                $"spec, weights.classes: {DataErrors.List(unknown)}, expected classes of the data: {DataErrors.List(classes)}");
    }
}
