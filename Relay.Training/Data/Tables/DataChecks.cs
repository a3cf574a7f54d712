using Relay.Training.Data.Csv;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Tables;

/// <summary>Refuses training rows that no useful model can come from. The rules do not apply to held-out rows.</summary>
public static class DataChecks
{
    // A forest keeps a share of every class in every leaf, and boosting grows a tree for each.
    private const int MaxClasses = 1_000;

    // Trees are summed in float32, and a sum of some of them may overshoot what all add up to.
    private const double MaxTargetRange = 5e37;

    /// <summary>Checks what files are read by: that the spec does not contradict itself.</summary>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void RequireConsistent(ModelSpec spec)
    {
        if (ModelSpecRules.FirstProblem(spec) is { } problem)
        {
            throw new TrainingException(
                TrainingFault.InvalidSpec, $"spec, {problem.Path}: {problem.Found}; expected {problem.Expected}");
        }
    }

    /// <exception cref="TrainingException">Too few rows, too few classes or rows of one, too many classes, or no column with two values.</exception>
    public static void Require(DataSet training, ModelSpec spec)
    {
        RequireRows(training.Summary);
        if (spec.Task is ModelTask.Scaling)
        {
            RequireValues(training);
            return;
        }

        Require(training.Summary, training.Classes, training.Columns.All(IsConstant), spec);
        RequireTargets(training, spec, SingleShard.Instance);
    }

    /// <param name="isConstant">Whether every column has one value in all rows.</param>
    internal static void Require(DataSummary training, IReadOnlyList<string> classes, bool isConstant, ModelSpec spec)
    {
        RequireRows(training);
        if (spec.Task is ModelTask.Classification)
        {
            RequireClasses(training, classes);
        }

        if (isConstant)
        {
            throw new TrainingException(
                TrainingFault.ConstantColumn,
                $"{training.Source}: every column has one value, or none, in all rows; expected one at least that tells rows apart");
        }
    }

    /// <exception cref="TrainingException">All rows have one target, or targets are so far apart that sums of trees overflow.</exception>
    /// <param name="shards">The group whose members have the other rows.</param>
    internal static void RequireTargets(DataSet training, ModelSpec spec, IShardGroup shards)
    {
        if (training.Targets is not { } targets)
        {
            return;
        }

        double min = shards.Min(targets.DefaultIfEmpty(float.PositiveInfinity).Min());
        double max = shards.Max(targets.DefaultIfEmpty(float.NegativeInfinity).Max());
        if (max - min > MaxTargetRange)
        {
            string label = spec.Columns.First(c => c.Type is ColumnType.Label).Name;
            throw new TrainingException(
                TrainingFault.InvalidData,
                $"{training.Summary.Source}, column '{label}': numbers from {min:R} to {max:R} are too far apart to be learned in float32, "
                + $"whose sums would overflow; expected a range of at most {MaxTargetRange:R}: divide the column by a power of ten");
        }

        if (min >= max)
        {
            throw new TrainingException(
                TrainingFault.ConstantColumn, $"{training.Summary.Source}: the label is {min} in all rows; there is nothing to learn");
        }
    }

    // A column with one value or none is shifted at most, which does no harm: it may have values again in the next data.
    private static void RequireValues(DataSet training)
    {
        if (training.Columns.OfType<NumberColumn>().All(c => c.Values.All(float.IsNaN)))
        {
            throw new TrainingException(
                TrainingFault.ConstantColumn, $"{training.Summary.Source}: no column has a value in any row; there is nothing to scale");
        }
    }

    private static void RequireRows(DataSummary training)
    {
        if (training.Rows < 2)
        {
            string left = training.TooOld > 0 ? $", and {training.TooOld} that weights.age.oldestDays leaves out" : "";
            throw new TrainingException(
                TrainingFault.TooFewRows, $"{training.Source}: training needs two rows or more; there are {training.Rows}{left}");
        }
    }

    private static void RequireClasses(DataSummary training, IReadOnlyList<string> classes)
    {
        if (classes.Count > MaxClasses)
        {
            throw new TrainingException(
                TrainingFault.TooManyClasses,
                $"{training.Source}: {classes.Count} classes, at most {MaxClasses} can be told apart; group them in label.groups, "
                + "or learn the label as a number with the task regression");
        }

        string[] seldom = [.. classes.Where(c => training.ClassRows[c] < 2)];
        if (classes.Count < 2 || seldom.Length > 0)
        {
            throw new TrainingException(
                TrainingFault.TooFewClasses,
                $"{training.Source}: training needs two classes or more, each with two rows or more; there are {Counts(training, classes)}");
        }
    }

    internal static bool IsConstant(DataColumn column) => column switch
    {
        NumberColumn number => number.Values.All(v => v.Equals(number.Values[0])),
        CategoryColumn category => !category.Codes.AsSpan().ContainsAnyExcept(category.Codes[0]),
        _ => false,
    };

    private static string Counts(DataSummary training, IReadOnlyList<string> classes) =>
        DataErrors.List(classes.Select(c => $"{c}: {training.ClassRows[c]}"));
}
