using System.Diagnostics;
using System.Globalization;
using Shared.Contracts;
using Shared.Contracts.Api;
using Spectre.Console;

namespace Demo;

/// <summary>Writes the demonstration's progress, each line with the seconds since the start.</summary>
internal sealed class ProgressWriter(TextWriter output)
{
    private const int ChartWidth = 60;
    private const int ChartIndent = 19;
    private static readonly Color[] Colors = [Color.Grey, Color.Green, Color.Yellow, Color.Red];

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private string? _stage;

    private bool IsTerminal =>
        !Console.IsOutputRedirected && output is DisplayTextWriter { Target: var target } && ReferenceEquals(target, Console.Out);

    public void WriteLine(string line)
    {
        lock (_gate)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds,6:F1} s  {line}"));
        }
    }

    /// <summary>Writes a line; on a terminal, with a bar of what the nodes of a fleet run.</summary>
    public void WriteShares(string line, IReadOnlyList<(string Name, int Nodes)> shares)
    {
        lock (_gate)
        {
            WriteLine(line);
            if (IsTerminal)
            {
                BreakdownChart chart = new BreakdownChart().Width(ChartWidth);
                foreach (((string name, int nodes), int i) in shares.Select((share, i) => (share, i)))
                {
                    chart.AddItem(name, nodes, Colors[i % Colors.Length]);
                }

                AnsiConsole.Write(new Padder(chart, new Padding(ChartIndent, 0, 0, 0)));
            }
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
