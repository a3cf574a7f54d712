namespace Relay.Training.Data.Features;

/// <summary>Per text of a category column, how many training rows have it and are not of the benign class. A training row takes the count over the
/// rows of the other folds, scaled to all of them: it never counts itself, and a text is worth in training what it is worth in use.</summary>
internal sealed class CountStatistics : ITextStatistics
{
    // Of the four other folds to all five.
    private const float ToAllFolds = TargetStatistics.Folds / (TargetStatistics.Folds - 1f);

    private readonly int[] _total;
    private int[] _byFold;

    private CountStatistics(int[] total, int[] byFold) => (_total, _byFold) = (total, byFold);

    public int Columns => 1;

    /// <param name="codes">Per training row its text; less than 0 for one that is not counted.</param>
    /// <param name="isCounted">Per training row, whether it is not of the benign class.</param>
    public static CountStatistics Fit(int[] codes, int texts, Func<int, bool> isCounted)
    {
        int[] total = new int[texts];
        int[] byFold = new int[checked(texts * TargetStatistics.Folds)];
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0 && isCounted(row))
            {
                total[codes[row]]++;
                byFold[(codes[row] * TargetStatistics.Folds) + TargetStatistics.FoldOf(row)]++;
            }
        }

        return new CountStatistics(total, byFold);
    }

    public float Value(int column, int text) => _total[text];

    public float OutOfFold(int column, int text, int fold)
    {
        int others = _total[text] - _byFold[(text * TargetStatistics.Folds) + fold];
        return others == 0 ? float.NaN : others * ToAllFolds;
    }

    public void DropFolds() => _byFold = [];
}
