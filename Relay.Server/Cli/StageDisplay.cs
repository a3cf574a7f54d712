using Shared.Contracts;
using Spectre.Console;

namespace Relay.Server.Cli;

/// <summary>Receives how far a run is.</summary>
/// <param name="total">Null where it is not known.</param>
internal delegate void ShowStage(string stage, long done, long? total);

/// <summary>Shows the stages of a run: bars on a terminal, else a line when a stage begins and one every few seconds in a long one.</summary>
internal static class StageDisplay
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <param name="run">Does the work and says how far it is, from any thread.</param>
    public static Task<T> RunAsync<T>(TextWriter output, TimeProvider timeProvider, Func<ShowStage, Task<T>> run) =>
        !Console.IsOutputRedirected && output is DisplayTextWriter { Target: var target } && ReferenceEquals(target, Console.Out)
            ? OnTerminalAsync(run)
            : run(AsLines(output, timeProvider));

    private static Task<T> OnTerminalAsync<T>(Func<ShowStage, Task<T>> run) =>
        AnsiConsole.Progress().AutoClear(true).StartAsync(progress =>
        {
            Dictionary<string, ProgressTask> stages = [];
            return run((stage, done, total) =>
            {
                lock (stages)
                {
                    if (!stages.TryGetValue(stage, out ProgressTask? task))
                    {
                        foreach (ProgressTask earlier in stages.Values)
                        {
                            earlier.Value = earlier.MaxValue;
                        }

                        stages[stage] = task = progress.AddTask(Markup.Escape(stage));
                    }

                    task.IsIndeterminate = total is null;
                    task.MaxValue = Math.Max(total ?? 1, 1);
                    task.Value = total is null ? 0 : done;
                }
            });
        });

    private static ShowStage AsLines(TextWriter output, TimeProvider timeProvider)
    {
        Lock shown = new();
        string? current = null;
        long last = 0;
        return (stage, done, total) =>
        {
            lock (shown)
            {
                if (stage != current)
                {
                    output.WriteLine(total is { } all ? $"  {stage} ({all})" : $"  {stage}");
                }
                else if (done > 0 && timeProvider.GetElapsedTime(last) >= LineInterval)
                {
                    output.WriteLine(total is { } all ? $"  {stage} {done} of {all}" : $"  {stage} {done}");
                }
                else
                {
                    return;
                }

                current = stage;
                last = timeProvider.GetTimestamp();
            }
        };
    }
}
