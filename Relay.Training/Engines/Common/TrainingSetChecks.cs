using Relay.Training.Engines.Common.Sharding;

namespace Relay.Training.Engines.Common;

/// <summary>Refuses rows that no engine can learn from.</summary>
internal static class TrainingSetChecks
{
    /// <exception cref="TrainingException">A value is not one that the set promises, or there are no rows.</exception>
    /// <exception cref="ArgumentException">The arrays do not fit each other.</exception>
    public static void Require(TrainingSet set)
    {
        if (set.RowCount == 0 || set.FeatureCount == 0)
        {
            throw new TrainingException(
                TrainingFault.MissingData, $"{set.RowCount} rows of {set.FeatureCount} columns, expected at least one of each");
        }

        if (set.Columns.Any(column => column.Length != set.RowCount)
            || (set.Targets is not null && set.Targets.Length != set.RowCount)
            || (set.SampleWeights is not null && set.SampleWeights.Length != set.RowCount)
            || (set.Names is not null && set.Names.Count != set.FeatureCount))
        {
            throw new ArgumentException("Columns, labels, targets, weights and names differ in number.", nameof(set));
        }

        if (set.Labels.AsSpan().ContainsAnyExceptInRange(0, set.ClassCount - 1))
        {
            throw new ArgumentException($"A label is none of the {set.ClassCount} classes.", nameof(set));
        }

        for (int c = 0; c < set.Columns.Length; c++)
        {
            Refuse(set.Columns[c], float.IsInfinity, $"column {(set.Names is null ? c : $"'{set.Names[c]}'")}", "a finite number or a missing value");
        }

        Refuse(set.Targets, value => !float.IsFinite(value), "target", "a finite number");
        Refuse(set.SampleWeights, value => !(float.IsFinite(value) && value > 0), "weight", "a finite number above 0");
    }

    /// <exception cref="TrainingException">Fewer than two rows, or one that <see cref="Require"/> refuses.</exception>
    public static void RequireTwoRows(TrainingSet set)
    {
        long rows = set.Shards.Sum(set.RowCount);
        if (rows < 2)
        {
            throw new TrainingException(TrainingFault.TooFewRows, $"Training needs two rows or more; there are {rows}");
        }

        Require(set);
    }

    private static void Refuse(float[]? values, Predicate<float> isBad, string name, string expected)
    {
        int row = values is null ? -1 : Array.FindIndex(values, isBad);
        if (row >= 0)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"row {row} of the training rows, {name}: {values![row]}, expected {expected}");
        }
    }
}
