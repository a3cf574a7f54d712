using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Refuses training rows that no useful model can come from. Held-out rows are free of these rules.</summary>
public static class DataChecks
{
    /// <exception cref="TrainingException">Too few classes or rows of one, no benign row, or a column with one value.</exception>
    public static void Require(DataSet training, ModelSpec spec)
    {
        RequireBenign(training, spec);
        RequireClasses(training);
        RequireVariety(training);
    }

    private static void RequireBenign(DataSet training, ModelSpec spec)
    {
        if (spec.Label.Benign is { } benign && training.Summary.ClassRows.GetValueOrDefault(benign) == 0)
        {
            throw new TrainingException(
                TrainingFault.NoBenignClass,
                $"{training.Summary.Source}: no row of the benign class '{benign}'; there are {Counts(training)}");
        }
    }

    private static void RequireClasses(DataSet training)
    {
        string[] seldom = [.. training.Classes.Where(c => training.Summary.ClassRows[c] < 2)];
        if (training.Classes.Count < 2 || seldom.Length > 0)
        {
            throw new TrainingException(
                TrainingFault.TooFewClasses,
                $"{training.Summary.Source}: training needs two classes or more, each with two rows or more; there are {Counts(training)}");
        }
    }

    private static void RequireVariety(DataSet training)
    {
        string[] constant = [.. training.Columns.Where(IsConstant).Select(c => c.Name)];
        if (constant.Length > 0)
        {
            throw new TrainingException(
                TrainingFault.ConstantColumn,
                $"{training.Summary.Source}: one value in all rows of {DataFault.List(constant)}; mark such a column ignore in the spec");
        }
    }

    private static bool IsConstant(DataColumn column) => column switch
    {
        NumberColumn number => number.Values.All(v => v.Equals(number.Values[0])),
        CategoryColumn category => !category.Codes.AsSpan().ContainsAnyExcept(category.Codes[0]),
        _ => false,
    };

    private static string Counts(DataSet training) =>
        DataFault.List(training.Classes.Select(c => $"{c}: {training.Summary.ClassRows[c]}"));
}
