using Relay.Training.Evaluation;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much larger the mean one-versus-rest area under the ROC curve of one model is than that of another on the same rows, with the
/// interval of DeLong (1988): the variance of what each row adds to the difference. A single row of a kind has no variance; its own difference
/// stands for it.</summary>
internal static class PairedAuc
{
    /// <param name="isPositive">Per class, which rows are of it; classes without both kinds of row are left out.</param>
    /// <param name="first">Per class the scores of the first model.</param>
    /// <param name="second">Per class the scores of the second.</param>
    /// <returns>Null where no class has both kinds of row.</returns>
    public static (double First, double Second, GateInterval Difference)? Compare(
        IReadOnlyList<bool[]> isPositive, IReadOnlyList<float[]> first, IReadOnlyList<float[]> second)
    {
        int rows = isPositive[0].Length;
        double[] influence = new double[rows];
        double ofFirst = 0;
        double ofSecond = 0;
        int classes = 0;
        for (int k = 0; k < isPositive.Count; k++)
        {
            long positives = isPositive[k].LongCount(p => p);
            if (positives > 0 && positives < rows)
            {
                ofFirst += Add(isPositive[k], first[k], positives, influence, 1);
                ofSecond += Add(isPositive[k], second[k], positives, influence, -1);
                classes++;
            }
        }

        if (classes == 0)
        {
            return null;
        }

        double squares = 0;
        foreach (double row in influence)
        {
            squares += row / classes * (row / classes);
        }

        double difference = (ofFirst - ofSecond) / classes;
        double half = Proportions.Z * Math.Sqrt(squares) / rows;
        return (ofFirst / classes, ofSecond / classes, new GateInterval(difference - half, difference + half));
    }

    /// <summary>Adds what each row adds to the area.</summary>
    /// <returns>The area.</returns>
    private static double Add(bool[] isPositive, float[] scores, long positives, double[] influence, int sign)
    {
        int rows = scores.Length;
        long negatives = rows - positives;
        int[] order = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            order[row] = row;
        }

        Array.Sort((float[])scores.Clone(), order);

        // Per row the share of rows of the other kind that it is ranked rightly against; ties count half. A score that is no number is the lowest,
        // and equal to its like.
        double[] placement = new double[rows];
        double area = 0;
        long positivesBelow = 0;
        long negativesBelow = 0;
        for (int start = 0; start < rows;)
        {
            int end = start;
            long tied = 0;
            for (; end < rows && scores[order[end]].Equals(scores[order[start]]); end++)
            {
                tied += isPositive[order[end]] ? 1 : 0;
            }

            long tiedNegatives = end - start - tied;
            double ofPositive = (negativesBelow + (tiedNegatives / 2.0)) / negatives;
            double ofNegative = (positives - positivesBelow - (tied / 2.0)) / positives;
            for (int i = start; i < end; i++)
            {
                placement[order[i]] = isPositive[order[i]] ? ofPositive : ofNegative;
            }

            area += tied * ofPositive;
            positivesBelow += tied;
            negativesBelow += tiedNegatives;
            start = end;
        }

        area /= positives;
        for (int row = 0; row < rows; row++)
        {
            long alike = isPositive[row] ? positives : negatives;
            influence[row] += sign * (placement[row] - (alike == 1 ? 0 : area)) * rows / alike;
        }

        return area;
    }
}
