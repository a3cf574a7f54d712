using System.Diagnostics;
using System.Globalization;
using Shared.Contracts.Api;

namespace Demo;

/// <summary>Writes the demonstration's progress, each line with the seconds since the start.</summary>
internal sealed class ProgressWriter(TextWriter output)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private string? _stage;

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:F1} s  {line}"));
        }
    }

    /// <summary>Writes one line for each stage that a training run enters.</summary>
    public void WriteStage(TrainingRun run)
    {
        if (run.Stage is { } stage && stage != _stage)
        {
            WriteLine(run.Total is { } total ? $"         {stage} ({total:N0})" : $"         {stage}");
        }

        _stage = run.Stage;
    }
}
