using System.Globalization;
using System.IO.Compression;
using Relay.Training.Data;
using Relay.Training.Specs;
using Shared.Contracts.Models;

namespace Benchmarks.Training;

/// <summary>A large training file made of a small one: rows of KDD Cup 99 drawn with replacement, numbers with 5% noise, one label
/// in a hundred drawn anew. The same seed gives the same bytes.</summary>
internal static class NoisyReplicas
{
    public const int Rows = 758_000;
    private const int Seed = 758;
    private const double Noise = 0.05;
    private const double FlippedLabels = 0.01;

    // A flag with noise would be no flag.
    private static readonly string[] Flags = ["land", "logged_in", "root_shell", "su_attempted", "is_guest_login"];

    // One raw label of each class, so that wrong labels do not only say "dos".
    private static readonly string[] OneOfEachClass = ["normal.", "smurf.", "satan.", "warezclient.", "buffer_overflow."];

    /// <summary>All 41 features: those that are constant in the original are noise here.</summary>
    public static ModelSpec Spec { get; } = KddCup99.Spec with
    {
        Columns = [.. KddCup99.Spec.Columns.Select(c => c.Type == ColumnType.Ignore ? c with { Type = ColumnType.Number } : c)],
    };

    /// <param name="original">The KDD Cup 99 training file.</param>
    /// <param name="path">The CSV file to write, without a header.</param>
    public static void Write(string original, string path, CancellationToken cancellationToken)
    {
        string[] lines = ReadLines(original);
        NoiseKind[] kinds = [.. KddCup99.Spec.Columns.Select(KindOf)];
        Random random = new(Seed);
        using StreamWriter output = new(path) { NewLine = "\n" };
        for (int row = 0; row < Rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string[] cells = lines[random.Next(lines.Length)].Split(',');
            for (int c = 0; c < cells.Length; c++)
            {
                cells[c] = WithNoise(cells[c], kinds[c], random);
            }

            output.WriteLine(string.Join(',', cells));
        }
    }

    private static string WithNoise(string cell, NoiseKind kind, Random random) => kind switch
    {
        NoiseKind.Relative when cell is not ("0" or "0.00") =>
            Text(double.Parse(cell, CultureInfo.InvariantCulture) * (1 + (Noise * Gaussian(random)))),
        NoiseKind.Alone => Text(random.NextDouble()),
        NoiseKind.Label when random.NextDouble() < FlippedLabels => OneOfEachClass[random.Next(OneOfEachClass.Length)],
        _ => cell,
    };

    private static NoiseKind KindOf(ColumnSpec column) => column.Type switch
    {
        ColumnType.Label => NoiseKind.Label,
        ColumnType.Ignore => NoiseKind.Alone,
        ColumnType.Number when !Flags.Contains(column.Name) => NoiseKind.Relative,
        _ => NoiseKind.None,
    };

    private static string[] ReadLines(string gzip)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(gzip), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    // Box and Muller 1958.
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private enum NoiseKind
    {
        None,
        Relative,
        Alone,
        Label,
    }
}
