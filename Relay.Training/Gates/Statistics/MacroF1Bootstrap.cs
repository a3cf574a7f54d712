using Relay.Training.Engines.Common;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Statistics;

/// <summary>How much higher the macro-F1 of one model is than that of another on the same rows, with an interval of 95% from a paired
/// bootstrap of <see cref="Resamples"/> resamples by a fixed seed. All sums are of whole numbers.</summary>
internal static class MacroF1Bootstrap
{
    public const int Resamples = 400;

    private const ulong Seed = 42;

    /// <param name="truth">Per row the class, from 0.</param>
    /// <param name="first">Per row the class that the first model gives; -1 for one that does not occur in <paramref name="truth"/>.</param>
    /// <param name="second">As <paramref name="first"/>, of the second model.</param>
    /// <returns>Macro-F1 of both over the classes that occur in <paramref name="truth"/>, and the interval of the difference.</returns>
    public static (double First, double Second, GateInterval Difference) Compare(int[] truth, int[] first, int[] second, int classes)
    {
        (int[] cellOf, (int Truth, int First, int Second)[] cells) = Tabulate(truth, first, second, classes);
        bool[] occurs = new bool[classes];
        foreach ((int actual, _, _) in cells)
        {
            occurs[actual] = true;
        }

        long[] counts = new long[cells.Length];
        foreach (int cell in cellOf)
        {
            counts[cell]++;
        }

        (double ofFirst, double ofSecond) = MacroF1(cells, counts, occurs);
        double[] differences = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            Array.Clear(counts);
            RandomStream random = new(Seed, i);
            for (int draw = 0; draw < cellOf.Length; draw++)
            {
                counts[cellOf[random.Below(cellOf.Length)]]++;
            }

            (double a, double b) = MacroF1(cells, counts, occurs);
            differences[i] = a - b;
        }

        Array.Sort(differences);
        return (ofFirst, ofSecond, new GateInterval(differences[Resamples / 40], differences[Resamples - 1 - (Resamples / 40)]));
    }

    // Rows with the same three classes count alike: a resample is a table of a few cells.
    private static (int[] CellOf, (int Truth, int First, int Second)[] Cells) Tabulate(int[] truth, int[] first, int[] second, int classes)
    {
        Dictionary<(int Truth, int First, int Second), int> cells = [];
        int[] cellOf = new int[truth.Length];
        for (int row = 0; row < truth.Length; row++)
        {
            (int, int, int) key = (truth[row], first[row], second[row]);
            if (!cells.TryGetValue(key, out int cell))
            {
                cells.Add(key, cell = cells.Count);
            }

            cellOf[row] = cell;
        }

        return (cellOf, [.. cells.Keys]);
    }

    private static (double First, double Second) MacroF1((int Truth, int First, int Second)[] cells, long[] counts, bool[] occurs)
    {
        long[] support = new long[occurs.Length];
        long[,] predicted = new long[2, occurs.Length];
        long[,] right = new long[2, occurs.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            (int truth, int first, int second) = cells[i];
            support[truth] += counts[i];
            Add(0, first, truth, counts[i]);
            Add(1, second, truth, counts[i]);
        }

        return (Mean(0), Mean(1));

        void Add(int model, int label, int truth, long count)
        {
            if (label >= 0)
            {
                predicted[model, label] += count;
                right[model, label] += label == truth ? count : 0;
            }
        }

        double Mean(int model)
        {
            double sum = 0;
            int classes = 0;
            for (int k = 0; k < occurs.Length; k++)
            {
                if (occurs[k])
                {
                    long whole = support[k] + predicted[model, k];
                    sum += whole == 0 ? 0 : (double)(2 * right[model, k]) / whole;
                    classes++;
                }
            }

            return sum / classes;
        }
    }
}
