namespace Benchmarks.Quality;

/// <summary>Draws the tested rows with replacement, the same draws for every side, so that the difference of two sides has an interval.
/// Models are not trained again: the interval is that of other rows, not of other training rows.</summary>
internal sealed class PairedBootstrap
{
    public const int Draws = 400;
    private const double Tail = 0.025;
    private readonly Dictionary<string, QualityFigures[]> _figures;
    private readonly Dictionary<string, QualityFigures> _point;

    public PairedBootstrap(IReadOnlyDictionary<string, SideScores> sides, int rows, CancellationToken cancellationToken)
    {
        _figures = sides.Keys.ToDictionary(side => side, _ => new QualityFigures[Draws]);
        int[] once = new int[rows];
        once.AsSpan().Fill(1);
        _point = sides.ToDictionary(side => side.Key, side => side.Value.Measure(once));
        Parallel.For(0, Draws, new ParallelOptions { CancellationToken = cancellationToken }, draw =>
        {
            Random random = new(draw);
            int[] counts = new int[rows];
            for (int i = 0; i < rows; i++)
            {
                counts[random.Next(rows)]++;
            }

            foreach ((string side, SideScores scores) in sides)
            {
                _figures[side][draw] = scores.Measure(counts);
            }
        });
    }

    /// <summary>Over all tested rows.</summary>
    public QualityFigures Point(string side) => _point[side];

    /// <summary>The middle 95% of the differences, one side less the other.</summary>
    public (double Low, double High) Interval(string side, string other, Func<QualityFigures, double> value)
    {
        double[] differences = [.. _figures[side].Zip(_figures[other], (a, b) => value(a) - value(b))];
        Array.Sort(differences);
        return (differences[(int)(Draws * Tail)], differences[(int)Math.Ceiling(Draws * (1 - Tail)) - 1]);
    }
}
