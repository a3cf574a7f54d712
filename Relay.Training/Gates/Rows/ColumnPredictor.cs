using Relay.Training.Data.Tables;

namespace Relay.Training.Gates.Rows;

/// <summary>How well one column predicts the label.</summary>
/// <param name="Quality">Mean over the classes of the share of rows that are predicted rightly; for
/// numbers the share of rows with the label itself.</param>
/// <param name="IsLabel">Whether the column has one value for each class, or is the number to learn.</param>
internal sealed record ColumnPrediction(string Column, double Quality, bool IsLabel);

/// <summary>Predicts labels by one column: the most frequent class of its value, learned from every second row and measured on the others.</summary>
internal abstract class ColumnPredictor
{
    public static ColumnPredictor Create(DataSet set, SpreadRows rows) => set.Targets is { } targets
        ? new OfNumbers([.. rows.Rows.Select(row => targets[row])])
        : new OfClasses([.. rows.Rows.Select(row => set.Labels[row])], set.Classes.Count);

    /// <param name="values">Per row; reordered by the call.</param>
    public abstract ColumnPrediction Predict(string column, float[] values);

    private sealed class OfNumbers(float[] targets) : ColumnPredictor
    {
        public override ColumnPrediction Predict(string column, float[] values)
        {
            double equal = (double)values.Zip(targets).Count(row => row.First == row.Second) / values.Length;
            return new ColumnPrediction(column, equal, IsLabel: true);
        }
    }

    private sealed class OfClasses(int[] labels, int classes) : ColumnPredictor
    {
        // A column with more values is cut into groups of so many rows at least, and so many groups at most.
        private const int MaxValues = 256;
        private const int MinGroupRows = 16;
        private const int MaxGroups = 1024;

        public override ColumnPrediction Predict(string column, float[] values)
        {
            int[] order = [.. Enumerable.Range(0, values.Length)];
            Array.Sort(values, order);
            long[] support = new long[classes];
            long[] right = new long[classes];
            int distinct = Enumerable.Range(0, values.Length).Count(i => i == 0 || !values[i].Equals(values[i - 1]));
            int minRows = distinct <= MaxValues ? 1 : Math.Max(MinGroupRows, values.Length / MaxGroups);
            for (int start = 0; start < values.Length;)
            {
                // No value is in two groups.
                int end = Math.Min(values.Length, start + minRows);
                while (end < values.Length && values[end].Equals(values[end - 1]))
                {
                    end++;
                }

                Measure(order.AsSpan(start, end - start), support, right);
                start = end;
            }

            int occurring = support.Count(s => s > 0);
            double quality = occurring < 2
                ? 0
                : Enumerable.Range(0, classes).Where(k => support[k] > 0).Sum(k => (double)right[k] / support[k]) / occurring;
            return new ColumnPrediction(column, quality, distinct == occurring);
        }

        // Rows at even places teach, those at odd places are predicted.
        private void Measure(ReadOnlySpan<int> rows, long[] support, long[] right)
        {
            long[] counts = new long[classes];
            foreach (int row in rows)
            {
                counts[labels[row]] += row % 2 == 0 ? 1 : 0;
            }

            int most = Array.IndexOf(counts, counts.Max());
            foreach (int row in rows)
            {
                if (row % 2 == 1)
                {
                    support[labels[row]]++;
                    right[labels[row]] += labels[row] == most ? 1 : 0;
                }
            }
        }
    }
}
