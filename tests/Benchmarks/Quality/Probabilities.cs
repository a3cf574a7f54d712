namespace Benchmarks.Quality;

/// <summary>Puts the answers of folds together.</summary>
internal static class Probabilities
{
    /// <param name="answers">Of the rows of the fold in their order.</param>
    /// <param name="all">Row after row of the set.</param>
    public static void Place(QualitySet set, int fold, ReadOnlySpan<float> answers, Span<float> all)
    {
        int at = 0;
        for (int row = 0; row < set.Labels.Length; row++)
        {
            if (set.Fold[row] == fold)
            {
                answers.Slice(at, set.Classes).CopyTo(all[(row * set.Classes)..]);
                at += set.Classes;
            }
        }
    }

    /// <summary>The rows that are tested.</summary>
    public static float[] Tested(QualitySet set, float[] all) =>
        [.. set.Tested.SelectMany(row => new ArraySegment<float>(all, row * set.Classes, set.Classes))];
}
