namespace Relay.Training.Evaluation;

/// <summary>The area under the ROC curve, exact: whole numbers until the last division, ties count half.</summary>
internal static class RocCurve
{
    /// <param name="scores">Reordered by the call.</param>
    /// <param name="isPositive">Reordered alike.</param>
    /// <returns>The share of pairs of a positive and a negative row in which the positive one scores higher; null where one kind
    /// of row is missing.</returns>
    public static double? Area(float[] scores, bool[] isPositive)
    {
        Array.Sort(scores, isPositive);
        long positives = 0;
        long negatives = 0;
        Int128 halves = 0;
        for (int start = 0; start < scores.Length;)
        {
            int end = start;
            long tiedPositives = 0;
            for (; end < scores.Length && scores[end] == scores[start]; end++)
            {
                tiedPositives += isPositive[end] ? 1 : 0;
            }

            long tiedNegatives = end - start - tiedPositives;
            halves += (Int128)tiedPositives * ((2 * negatives) + tiedNegatives);
            positives += tiedPositives;
            negatives += tiedNegatives;
            start = end;
        }

        return positives == 0 || negatives == 0 ? null : (double)halves / (2.0 * positives * negatives);
    }
}
