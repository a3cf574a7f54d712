using Relay.Training.Engines.Common;
using Relay.Training.Trees;

namespace Relay.Training.Tests.Engines;

/// <summary>Little random sets and a plain walk through a tree, for tests that compute everything again by brute force.</summary>
internal static class SmallData
{
    /// <param name="values">Distinct values per column; few make ties and equal rows.</param>
    /// <param name="missing">Share of missing values.</param>
    public static TrainingSet Create(int seed, int rows, int columns, int classes, int values, double missing)
    {
        Random random = new(seed);
        float[][] data = new float[columns][];
        for (int c = 0; c < columns; c++)
        {
            data[c] = [.. Enumerable.Range(0, rows).Select(_ =>
                random.NextDouble() < missing ? float.NaN : (random.Next(values) - (values / 2)) * 0.37f)];
        }

        int[] labels = [.. Enumerable.Range(0, rows).Select(row =>
            random.NextDouble() < 0.2 ? random.Next(classes) : (int)Math.Abs((Known(data[0][row]) * 3) + Known(data[1][row])) % classes)];
        return new TrainingSet(data, labels, classes);
    }

    /// <summary>The set with whole weights from 1 to 4.</summary>
    public static TrainingSet Weighted(this TrainingSet set)
    {
        Random random = new(set.RowCount);
        return set with { SampleWeights = [.. set.Labels.Select(_ => (float)random.Next(1, 5))] };
    }

    /// <summary>The set as a regression: a sum of two columns and some noise, in steps of 1/64 so that sums are exact.</summary>
    public static TrainingSet WithTargets(this TrainingSet set)
    {
        Random random = new(set.RowCount);
        float Target(int row) => MathF.Round(((Known(set.Columns[0][row]) * 5) + Known(set.Columns[1][row]) + random.NextSingle()) * 64) / 64;
        return new TrainingSet(set.Columns, new int[set.RowCount], 1)
        {
            Targets = [.. AllRows(set).Select(Target)],
            SampleWeights = set.SampleWeights
        };
    }

    /// <summary>The set with each row as often as its whole weight says, and no weights.</summary>
    public static TrainingSet Repeated(this TrainingSet set)
    {
        int[] rows = [.. AllRows(set).SelectMany(r => Enumerable.Repeat(r, (int)set.SampleWeights![r]))];
        return new TrainingSet([.. set.Columns.Select(c => rows.Select(r => c[r]).ToArray())], [.. rows.Select(r => set.Labels[r])], set.ClassCount)
        {
            Targets = set.Targets is { } targets ? [.. rows.Select(r => targets[r])] : null,
        };
    }

    /// <summary>Numbers to learn from columns as <see cref="Create"/> makes them.</summary>
    public static TrainingSet CreateNumbers(int seed, int rows, int columns, int values, double missing)
    {
        TrainingSet set = Create(seed, rows, columns, 1, values, missing);
        float[] noise = Numbers(set, seed, -0.5f, 0.5f);
        return set with
        {
            Targets = [.. AllRows(set).Select(row => (Known(set.Columns[0][row]) * 3) + MathF.Abs(Known(set.Columns[1][row])) + noise[row])],
        };
    }

    /// <summary>A random number for each row.</summary>
    public static float[] Numbers(TrainingSet set, int seed, float least, float most)
    {
        Random random = new(seed);
        return [.. AllRows(set).Select(_ => least + (random.NextSingle() * (most - least)))];
    }

    public static int[] AllRows(TrainingSet set) => [.. Enumerable.Range(0, set.RowCount)];

    public static bool GoesLeft(Tree tree, int node, float value) =>
        float.IsNaN(value) ? tree.MissingLeft[node] : value <= tree.Threshold[node];

    /// <summary>The index of the leaf values that a row of the set gets.</summary>
    public static int Leaf(Tree tree, TrainingSet set, int row)
    {
        int node = 0;
        while (tree.Feature[node] >= 0)
        {
            node = GoesLeft(tree, node, set.Columns[tree.Feature[node]][row]) ? tree.Left[node] : tree.Right[node];
        }

        return tree.Left[node];
    }

    /// <summary>Every way to part rows in two by one column: each value as threshold, missing values on either side.</summary>
    public static IEnumerable<(int[] Left, int[] Right)> Splits(TrainingSet set, int[] rows)
    {
        foreach (float[] column in set.Columns)
        {
            foreach (float threshold in rows.Select(r => column[r]).Where(v => !float.IsNaN(v)).Distinct())
            {
                foreach (bool missingLeft in new[] { true, false })
                {
                    ILookup<bool, int> sides = rows.ToLookup(r => float.IsNaN(column[r]) ? missingLeft : column[r] <= threshold);
                    if (sides.Count == 2)
                    {
                        yield return ([.. sides[true]], [.. sides[false]]);
                    }
                }
            }
        }
    }

    private static float Known(float value) => float.IsNaN(value) ? 1 : value;
}
