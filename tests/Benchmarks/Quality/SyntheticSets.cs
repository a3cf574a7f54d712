namespace Benchmarks.Quality;

/// <summary>Sets of odd shapes that a seed decides: what training has to bear, and no public set shows as clearly.</summary>
/// <param name="factor">How many times the rows of the quick form.</param>
internal sealed class SyntheticSets(int factor)
{
    private readonly record struct Shape(string Id, int Rows, int Columns, int Classes, int Seed);

    public IEnumerable<QualitySet> Make() =>
    [
        Imbalanced(new("imbalanced", 6000 * factor, 12, 2, 1)),
        Centers(new("wide", 400 * factor, 120, 3, 2), informative: 12, spread: 2.2),
        Centers(new("tiny", 150, 6, 3, 3), informative: 4, spread: 1.2),
        Centers(new("many-classes", 4000 * factor, 12, factor == 1 ? 40 : 100, 4), informative: 12, spread: 0.6),
        Shifted(new("shifted", 4000 * factor, 10, 3, 5)),
        Missing(new("missing", 4000 * factor, 12, 3, 6)),
        Ties(new("ties", 5000 * factor, 8, 4, 7)),
        Noisy(new("noisy", 5000 * factor, 10, 3, 8)),
        Smooth(new("smooth", 5000 * factor, 10, 2, 9)),
        Category(new($"category-{2000 * factor}", 20_000 * factor, 4, 2, 10), texts: 2000 * factor),
    ];

    // One row in 19 is positive, by an interaction of three columns and some chance.
    private static QualitySet Imbalanced(Shape shape) => Label(shape, Normal, (row, random) =>
    {
        double score = (row[0] * row[1]) + Math.Abs(row[2]) + (0.5 * row[3]) + (0.6 * Gaussian(random));
        return score > 3.05 ? 1 : 0;
    });

    private static QualitySet Centers(Shape shape, int informative, double spread)
    {
        Random random = new(shape.Seed);
        double[][] centers = [.. Enumerable.Range(0, shape.Classes).Select(_ => Enumerable.Range(0, informative).Select(_ => Gaussian(random)).ToArray())];
        float[][] columns = NewColumns(shape);
        int[] labels = new int[shape.Rows];
        for (int r = 0; r < shape.Rows; r++)
        {
            labels[r] = r % shape.Classes;
            for (int c = 0; c < shape.Columns; c++)
            {
                columns[c][r] = (float)((c < informative ? centers[labels[r]][c] : 0) + (spread * Gaussian(random)));
            }
        }

        return QualitySet.Stratified(shape.Id, columns, labels, shape.Classes, shape.Seed);
    }

    // Columns drift from the first row to the last, and so do the shares of the classes; folds are blocks of time.
    private static QualitySet Shifted(Shape shape)
    {
        Random random = new(shape.Seed);
        float[][] columns = NewColumns(shape);
        int[] labels = new int[shape.Rows];
        for (int r = 0; r < shape.Rows; r++)
        {
            double time = (double)r / shape.Rows;
            for (int c = 0; c < shape.Columns; c++)
            {
                columns[c][r] = (float)(Gaussian(random) + (c % 3 == 0 ? 1.5 * time : 0));
            }

            double score = columns[0][r] + (columns[1][r] * columns[2][r]) - (columns[3][r] * time) + (0.7 * Gaussian(random));
            labels[r] = score > 1.6 ? 2 : score > 0.3 + time ? 1 : 0;
        }

        return QualitySet.InBlocks(shape.Id, columns, labels, shape.Classes);
    }

    // Four cells in ten are missing, in some columns more often for one class: a missing value says something.
    private static QualitySet Missing(Shape shape)
    {
        QualitySet whole = Label(shape, Normal, (row, random) => Level(row[0] + (row[1] * row[2]) + Math.Abs(row[4]) + (0.5 * Gaussian(random)), 0, 1.2));
        Random random = new(shape.Seed + 100);
        for (int c = 0; c < shape.Columns; c++)
        {
            for (int r = 0; r < shape.Rows; r++)
            {
                double share = c % 4 == 1 ? 0.2 + (0.2 * whole.Labels[r]) : 0.4;
                whole.Columns[c][r] = random.NextDouble() < share ? float.NaN : whole.Columns[c][r];
            }
        }

        return whole;
    }

    // Whole numbers from 0 to 3: every value is shared by a quarter of the rows.
    private static QualitySet Ties(Shape shape) => Label(shape, random => random.Next(4), (row, random) =>
        random.NextDouble() < 0.1 ? random.Next(4) : (int)(row[0] + (row[1] * row[2]) + (row[3] > 1 ? row[4] : 0)) % 4);

    // Every fifth label is drawn.
    private static QualitySet Noisy(Shape shape) => Label(shape, Normal, (row, random) =>
        random.NextDouble() < 0.2 ? random.Next(3) : Level((row[0] * row[1]) + row[2] - row[3], -0.7, 0.7));

    private static QualitySet Smooth(Shape shape) => Label(shape, Normal, (row, random) =>
        Math.Sin(2 * row[0]) + row[1] - (0.5 * row[2] * row[2]) + (0.3 * row[3]) + (0.8 * Gaussian(random)) > 0 ? 1 : 0);

    // Each text of a category has a class of its own for all but one row in twenty; numbers say nothing.
    private static QualitySet Category(Shape shape, int texts)
    {
        Random random = new(shape.Seed);
        int[] classOf = [.. Enumerable.Range(0, texts).Select(_ => random.Next(shape.Classes))];
        float[][] columns = NewColumns(shape);
        int[] labels = new int[shape.Rows];
        for (int r = 0; r < shape.Rows; r++)
        {
            int text = random.Next(texts);
            labels[r] = random.Next(20) == 0 ? random.Next(shape.Classes) : classOf[text];
            columns[0][r] = text;
            for (int c = 1; c < shape.Columns; c++)
            {
                columns[c][r] = (float)Gaussian(random);
            }
        }

        return QualitySet.Stratified(shape.Id, columns, labels, shape.Classes, shape.Seed) with { HasCategory = true };
    }

    private static QualitySet Label(Shape shape, Func<Random, double> value, Func<float[], Random, int> label)
    {
        Random random = new(shape.Seed);
        float[][] columns = NewColumns(shape);
        int[] labels = new int[shape.Rows];
        float[] row = new float[shape.Columns];
        for (int r = 0; r < shape.Rows; r++)
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = columns[c][r] = (float)value(random);
            }

            labels[r] = label(row, random);
        }

        return QualitySet.Stratified(shape.Id, columns, labels, shape.Classes, shape.Seed);
    }

    private static float[][] NewColumns(Shape shape) => [.. Enumerable.Range(0, shape.Columns).Select(_ => new float[shape.Rows])];

    private static int Level(double score, double first, double second) => score > second ? 2 : score > first ? 1 : 0;

    private static double Normal(Random random) => Gaussian(random);

    // Box and Muller 1958.
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
