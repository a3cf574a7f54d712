using Relay.Training.Data.Csv;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where a column numbers the rows, or has another text in each: the model would learn where a row stands in the file.</summary>
internal sealed class RowNumberGate : IGate
{
    /// <summary>Fewer rows may have different whole numbers by chance.</summary>
    public const int MinRows = 100;

    public string Name => "row-number";

    public GateBounds Defaults { get; } = new() { Fail = 0 };

    public GateResult Check(GateContext context)
    {
        DataSet test = context.Data.Test;
        if (test.Labels.Length < MinRows)
        {
            return this.NotApplicable($"{test.Labels.Length} held-out rows; it needs {MinRows}");
        }

        string[] numbers = [.. test.Columns.Where(c => EncodingChoice.IsLearned(context.Spec, c.Name) && Numbers(c)).Select(c => c.Name)];
        return this.JudgeMaximum(
            context, numbers.Length,
            numbers.Length == 0
                ? "no column numbers the rows"
                : $"the held-out rows are numbered by {DataErrors.List(numbers)}; mark the column ignore in the spec, " +
                    $"or accept the gate with a reason");
    }

    private static bool Numbers(DataColumn column) => column switch
    {
        NumberColumn number => AreDense(number.Values),
        CategoryColumn category => AreDistinct(category.Codes),
        _ => false,
    };

    // Different whole numbers that leave out fewer than they take, in any order: a row number, or an id that was given in turn.
    private static bool AreDense(float[] values)
    {
        float min = float.MaxValue;
        float max = float.MinValue;
        foreach (float value in values)
        {
            if (!(value == MathF.Floor(value)))
            {
                return false;
            }

            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
        }

        double range = (double)max - min + 1;
        if (range >= 2.0 * values.Length || range > 1 << 24)
        {
            return false;
        }

        bool[] seen = new bool[(int)range];
        return values.All(value => !seen[(int)(value - min)] && (seen[(int)(value - min)] = true));
    }

    private static bool AreDistinct(int[] codes)
    {
        HashSet<int> seen = [];
        return codes.All(code => code >= 0 && seen.Add(code));
    }
}
