using System.Diagnostics;
using System.Text.Json;

namespace Benchmarks.Training;

/// <summary>A program that trains once and prints a <see cref="FitResult"/>.</summary>
internal sealed record TrainingProcess(string Program, IReadOnlyList<string> Arguments)
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Ours on the encoded rows; to be run with their folder, columns and classes.</summary>
    public static TrainingProcess OursOnMatrix(string algorithm) => Own(TrainingChild.Command, algorithm, TrainingChild.Matrix);

    /// <summary>Ours, from the CSV files on.</summary>
    public static TrainingProcess OursOnCsv(string algorithm, BenchData data) =>
        Own(TrainingChild.Command, algorithm, TrainingChild.Csv, data.Id, data.Source.TrainPath, data.Source.TestPath!);

    /// <summary>This program itself, as another process.</summary>
    public static TrainingProcess Own(params string[] arguments) => new(Environment.ProcessPath!, [.. HostArguments(), .. arguments]);

    /// <summary>The peer's script, or null where its module is missing.</summary>
    public static async Task<TrainingProcess?> PeerAsync(string script, string module, CancellationToken cancellationToken)
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        using Process probe = Start(Python, ["-c", $"import {module}"]);
        await probe.StandardError.ReadToEndAsync(cancellationToken);
        await probe.WaitForExitAsync(cancellationToken);
        return probe.ExitCode == 0 ? new TrainingProcess(Python, [Path.Combine(AppContext.BaseDirectory, "peers", script)]) : null;
    }

    public async Task<FitResult> RunAsync(IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        using Process process = Start(Program, [.. Arguments, .. more]);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Program} ended with {process.ExitCode}: {await errors}");
        }

        return JsonSerializer.Deserialize(output.Trim().Split('\n')[^1], BenchJson.Default.FitResult)!;
    }

    // Under the dotnet host the process is the host, and the program is its first argument.
    private static string[] HostArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(TrainingProcess).Assembly.Location] : [];

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
