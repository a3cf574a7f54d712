using System.Diagnostics;
using System.Globalization;
using Shared.Contracts.Api;

namespace Demo;

/// <summary>Tells the story line by line, each with the seconds since the start.</summary>
internal sealed class Narrator(TextWriter output)
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private string? _stage;

    public void Say(string line)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_begun).TotalSeconds,6:F1} s  {line}"));
        }
    }

    /// <summary>Tells of a training run: one line for each stage it enters.</summary>
    public void Follow(TrainingRun run)
    {
        if (run.Stage is { } stage && stage != _stage)
        {
            Say(run.Total is { } total ? $"         {stage} ({total:N0})" : $"         {stage}");
        }

        _stage = run.Stage;
    }
}
