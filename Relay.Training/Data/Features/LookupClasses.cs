using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;

namespace Relay.Training.Data.Features;

/// <summary>Per text of a category column, the class of its training rows. A training row takes none, so that trees learn nothing from the column:
/// a tree of its own lets it decide (<see cref="Models.LookupTrees"/>).</summary>
internal sealed class LookupClasses : ITextStatistics
{
    private readonly int[] _classes;

    private LookupClasses(int[] classes) => _classes = classes;

    public int Columns => 1;

    /// <param name="codes">Per training row its text; less than 0 is a missing value.</param>
    /// <exception cref="TrainingException">A text stands in rows of two classes.</exception>
    public static LookupClasses Fit(int[] codes, IReadOnlyList<string> texts, string column, DataSet training)
    {
        int[] classes = new int[texts.Count];
        Array.Fill(classes, -1);
        SortedSet<int> contradictory = [];
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0)
            {
                int known = classes[codes[row]];
                classes[codes[row]] = training.Labels[row];
                if (known >= 0 && known != training.Labels[row])
                {
                    contradictory.Add(codes[row]);
                }
            }
        }

        return contradictory.Count == 0
            ? new LookupClasses(classes)
            : throw new TrainingException(
                TrainingFault.InvalidData,
                $"{training.Summary.Source}, column '{column}': {DataErrors.List(contradictory.Select(code => texts[code]))} in rows of two classes; "
                + "a text that is looked up has one class: take one of the rows out");
    }

    public float Value(int column, int text) => _classes[text];

    public float OutOfFold(int column, int text, int fold) => float.NaN;

    public void DropFolds()
    {
    }
}
