using Relay.Training.Engines.Common;

namespace Benchmarks.Quality;

/// <summary>Encoded rows and the folds that they are tested in.</summary>
/// <param name="Id">As in the ids of rows.</param>
/// <param name="Columns">One array per column, one value per row; NaN is a missing value.</param>
/// <param name="Fold">Per row the fold that tests it, from 0; every other fold learns from it. -1: all learn from it, and none tests it.</param>
internal sealed record QualitySet(string Id, float[][] Columns, int[] Labels, int Classes, int[] Fold)
{
    public const int FoldCount = 5;

    /// <summary>Whether the first column is a category: its values are the numbers of texts.</summary>
    public bool HasCategory { get; init; }

    public int Folds { get; } = Fold.Max() + 1;

    /// <summary>The rows that are tested, in their order.</summary>
    public int[] Tested { get; } = [.. Enumerable.Range(0, Labels.Length).Where(row => Fold[row] >= 0)];

    /// <summary>Rows of each class go to the folds in turn, after a draw that the seed decides.</summary>
    public static QualitySet Stratified(string id, float[][] columns, int[] labels, int classes, int seed)
    {
        int[] order = [.. Enumerable.Range(0, labels.Length)];
        new Random(seed).Shuffle(order);
        int[] fold = new int[labels.Length];
        int[] next = [.. Enumerable.Range(0, classes)];
        foreach (int row in order)
        {
            fold[row] = next[labels[row]]++ % FoldCount;
        }

        return new QualitySet(id, columns, labels, classes, fold);
    }

    /// <summary>Folds are pieces of the rows in their order: each is tested by a model of the others.</summary>
    public static QualitySet InBlocks(string id, float[][] columns, int[] labels, int classes) => new(
        id, columns, labels, classes, [.. Enumerable.Range(0, labels.Length).Select(row => (int)((long)row * FoldCount / labels.Length))]);

    /// <summary>The rows to learn from and those to test, as our trainers take them.</summary>
    public (TrainingSet Train, TrainingSet Test) Encode(int fold) =>
        HasCategory ? CategoryCodes.Encode(TrainingRows(fold), TestRows(fold)) : (TrainingRows(fold), TestRows(fold));

    public TrainingSet TrainingRows(int fold) => Select(row => Fold[row] != fold);

    public TrainingSet TestRows(int fold) => Select(row => Fold[row] == fold);

    private TrainingSet Select(Func<int, bool> isIn)
    {
        int[] rows = [.. Enumerable.Range(0, Labels.Length).Where(isIn)];
        return new TrainingSet(
            [.. Columns.Select(column => Array.ConvertAll(rows, row => column[row]))], Array.ConvertAll(rows, row => Labels[row]), Classes);
    }
}
