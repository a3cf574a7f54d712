using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Relay.Training.Engines;
using Relay.Training.Ensembles;
using Shared.Contracts.Models;

namespace Benchmarks.Training;

/// <summary>Our side of a training row, in a process of its own so that its peak memory is its own.</summary>
internal static class TrainingChild
{
    public const string Command = "training-child";
    private const int Threads = 2;

    /// <param name="args">boosting or forest, the folder with the matrix, its columns and classes.</param>
    public static int Run(string[] args, CancellationToken cancellationToken)
    {
        string folder = args[1];
        int columns = int.Parse(args[2], CultureInfo.InvariantCulture);
        int classes = int.Parse(args[3], CultureInfo.InvariantCulture);
        (IEnsembleTrainer trainer, ModelParameters parameters) = args[0] switch
        {
            "boosting" => ((IEnsembleTrainer)new GradientBoostingTrainer(Threads),
                new ModelParameters { Trees = 100, Depth = 6, LearningRate = 0.3 }),
            "forest" => (new RandomForestTrainer(Threads), new ModelParameters { Trees = 100, Depth = 20 }),
            _ => throw new ArgumentException($"No algorithm {args[0]}.", nameof(args)),
        };

        TrainingSet? train = MatrixFiles.Read(folder, "train", columns, classes);
        Stopwatch watch = Stopwatch.StartNew();
        TreeEnsemble ensemble = trainer.Train(train, parameters, null, cancellationToken);
        double seconds = watch.Elapsed.TotalSeconds;
        long peak = PeakBytes();
        TrainingSet test = MatrixFiles.Read(folder, "test", columns, classes);
        float[] probabilities = new EnsembleEvaluator(ensemble, Threads).Probabilities(test.Columns, cancellationToken);
        double score = MacroF1(test.Labels, EnsembleEvaluator.Labels(probabilities, classes), classes);
        Console.WriteLine(JsonSerializer.Serialize(new FitResult(seconds, peak, score), BenchJson.Default.FitResult));
        return 0;
    }

    private static long PeakBytes()
    {
        const string Key = "VmHWM:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
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
