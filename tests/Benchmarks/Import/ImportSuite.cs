using System.Diagnostics;
using System.Globalization;
using System.Text;
using Relay.TestKit;
using Relay.Training;
using Relay.Training.Importing;
using Shared.Contracts.Models;

namespace Benchmarks.Import;

/// <summary>Imports models of other libraries and counts rows that change sides at their thresholds, which must be none, and rows proved per second.
/// There is no peer: converters prove nothing.</summary>
internal static class ImportSuite
{
    private const int Rows = 20_000;
    private const int Turns = 3;

    private static readonly string Models = RepositoryRoot.Combine("tests", "Relay.Training.Tests", "Importing", "Models");

    private static readonly (string Format, string Prefix)[] Formats =
    [
        ("xgboost-json", "xgboost-"), ("xgboost-json-sets", "xgboost-sets-"),
        ("lightgbm-text", "lightgbm-"), ("lightgbm-text-sets", "lightgbm-sets-"), ("onnx", "onnx-"),
    ];

    /// <summary>Models that are there to be refused.</summary>
    private static readonly string[] Refused = ["lightgbm-linear", "lightgbm-one-versus-all"];

    public static Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Run(cancellationToken), cancellationToken);

    private static IReadOnlyList<BenchRow> Run(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        List<BenchRow> rows = [];
        foreach ((string format, string prefix) in Formats)
        {
            long flips = 0;
            long proved = 0;
            int models = 0;
            double seconds = 0;
            string[] files = [.. Directory.GetFiles(Models, prefix + "*").Where(f => !f.EndsWith(".csv", StringComparison.Ordinal))];
            foreach (string file in files.Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                if (Refused.Contains(name))
                {
                    continue;
                }

                ImportJob job = Job(file, folder.Combine("held-out.csv"));
                models++;
                for (int turn = 0; turn < Turns; turn++)
                {
                    long start = Stopwatch.GetTimestamp();
                    try
                    {
                        ImportSummary import = new ImportPipeline().Run(job, null, cancellationToken).Card.Import!;
                        proved += import.TreeRows + import.ThresholdRows + import.GivenRows;
                        seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                    }
                    catch (TrainingException differs) when (differs.Fault is TrainingFault.ImportMismatch)
                    {
                        Console.Error.WriteLine($"{name}: {differs.Message}");
                        flips++;
                    }
                }
            }

            rows.Add(BenchRow.LowerIsBetter(
                $"import.{format}.threshold-flips", flips, null, "rows", $"{models} models; the first row that differs ends an import"));
            rows.Add(BenchRow.HigherIsBetter(
                $"import.{format}.proved", proved / seconds, null, "rows/s",
                $"{proved / Turns} rows, {Rows} held-out rows a model, export and loading included"));
        }

        return rows;
    }

    // The labels do not matter to the proof, and gates judge them; every class occurs.
    private static ImportJob Job(string file, string heldOut)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        bool isRegression = name.Contains("regression", StringComparison.Ordinal);
        string[] known = File.ReadAllLines(Path.ChangeExtension(file, ".csv"));
        int answers = known[0].Split(';')[1].Split(',').Length;
        string[] classes = name == "onnx-sklearn-forest"
            ? ["bad", "benign", "odd"]
            : [.. Enumerable.Range(0, Math.Max(2, answers)).Select(k => $"{k}")];
        Random random = new(5);
        StringBuilder text = new("packets,flags,share,bytes,truth\n");
        for (int row = 0; row < Rows; row++)
        {
            string cells =
                string.Join(',', Enumerable.Range(0, 4).Select(_ => (random.NextSingle() * 4 - 2).ToString("R", CultureInfo.InvariantCulture)));
            text.Append(cells).Append(',').Append(isRegression ? $"{row % 7}" : classes[row % classes.Length]).Append('\n');
        }

        File.WriteAllText(heldOut, text.ToString());
        ModelSpec spec = new()
        {
            Name = "imported",
            Task = isRegression ? ModelTask.Regression : ModelTask.Classification,
            Algorithm = ModelAlgorithm.Imported,
            Columns =
            [
                .. new[] { "packets", "flags", "share", "bytes" }.Select(column => new ColumnSpec(column, ColumnType.Number)),
                new("truth", ColumnType.Label),
            ],
        };
        return new ImportJob(spec, 1, Path.GetFileName(file), File.ReadAllBytes(file), heldOut)
        {
            Accepted = new Dictionary<string, string> { ["class-recall"] = "the labels are random", ["single-class"] = "the labels are random" },
        };
    }
}
