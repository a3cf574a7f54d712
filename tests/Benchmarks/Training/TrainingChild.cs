using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Relay.Training.Data;
using Relay.Training.Data.Features;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Abstractions;
using Relay.Training.Engines.Common;
using Relay.Training.Engines.Managed.Boosting;
using Relay.Training.Engines.Managed.Forest;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Benchmarks.Training;

/// <summary>Our side of a training row, in a process of its own so that its peak memory is its own.</summary>
internal static class TrainingChild
{
    public const string Command = "training-child";
    public const string Matrix = "matrix";
    public const string Csv = "csv";
    private const int Threads = 2;

    /// <param name="args">boosting or forest; then matrix with folder, columns and classes, or csv with id, train and test file.</param>
    public static int Run(string[] args, CancellationToken cancellationToken)
    {
        (IEnsembleTrainer trainer, ModelParameters parameters) = args[0] switch
        {
            "boosting" => ((IEnsembleTrainer)new GradientBoostingTrainer(Threads),
                new ModelParameters { Trees = 100, Depth = 6, LearningRate = 0.3 }),
            "forest" => (new RandomForestTrainer(Threads), new ModelParameters { Trees = 100, Depth = 20 }),
            _ => throw new ArgumentException($"No algorithm {args[0]}.", nameof(args)),
        };
        FitResult result = args[1] == Matrix
            ? FitMatrix(trainer, parameters, args[2], Number(args[3]), Number(args[4]), cancellationToken)
            : FitCsv(trainer, parameters, BenchData.On(args[2], args[3], args[4]).Source, cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(result, BenchJson.Default.FitResult));
        return 0;
    }

    private static FitResult FitMatrix(
        IEnsembleTrainer trainer, ModelParameters parameters, string folder, int columns, int classes, CancellationToken cancellationToken)
    {
        TrainingSet train = MatrixFiles.Read(folder, "train", columns, classes);
        FitResult fit = Measure(() => trainer.Train(train, parameters, null, cancellationToken), out TreeEnsemble ensemble);
        return fit with { MacroF1 = Score(ensemble, MatrixFiles.Read(folder, "test", columns, classes), cancellationToken) };
    }

    private static FitResult FitCsv(
        IEnsembleTrainer trainer, ModelParameters parameters, DataSource source, CancellationToken cancellationToken)
    {
        LoadedData data = null!;
        FitResult fit = Measure(
            () =>
            {
                data = DataLoader.LoadBinned(source, threads: Threads, cancellationToken: cancellationToken);
                return trainer.Train(data.Train, parameters, null, cancellationToken);
            },
            out TreeEnsemble ensemble);
        return fit with { MacroF1 = Score(ensemble, data.Encoder.Encode(data.Test), cancellationToken) };
    }

    private static FitResult Measure(Func<TreeEnsemble> fit, out TreeEnsemble ensemble)
    {
        TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        ensemble = fit();
        return new FitResult(
            watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds, PeakBytes(), 0);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static long PeakBytes()
    {
        const string Key = "VmHWM:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    private static double Score(TreeEnsemble ensemble, TrainingSet test, CancellationToken cancellationToken)
    {
        float[] probabilities = new EnsembleEvaluator(ensemble, Threads).Probabilities(test.Columns, cancellationToken);
        return MacroF1(test.Labels, EnsembleEvaluator.Labels(probabilities, test.ClassCount), test.ClassCount);
    }

    private static double MacroF1(int[] expected, int[] predicted, int classes)
    {
        long[] hits = new long[classes];
        long[] involved = new long[classes];
        for (int i = 0; i < expected.Length; i++)
        {
            hits[expected[i]] += expected[i] == predicted[i] ? 1 : 0;
            involved[expected[i]]++;
            involved[predicted[i]]++;
        }

        return Enumerable.Range(0, classes).Where(k => involved[k] > 0).Average(k => 2.0 * hits[k] / involved[k]);
    }
}
