using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Benchmarks.Training;

namespace Benchmarks.Scoring;

/// <summary>scikit-learn with a model of the same shape, fitted there, pickled, loaded and timed in a process of its own.</summary>
internal static class SklearnScorer
{
    /// <returns>Microseconds of one row and of a row in a batch; null where scikit-learn is missing.</returns>
    public static async Task<(double OneRow, double Batch)?> MeasureAsync(string id, CancellationToken cancellationToken)
    {
        if (await TrainingProcess.PeerAsync("sklearn_scoring.py", "sklearn", cancellationToken) is not { } side)
        {
            return null;
        }

        using Process process = Process.Start(new ProcessStartInfo(side.Program, [.. side.Arguments, id]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        double[] times = process.ExitCode == 0
            ? JsonSerializer.Deserialize(output, BenchJson.Default.DoubleArray)!
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{side.Program} ended with {process.ExitCode}"));
        return (times[0], times[1]);
    }
}
