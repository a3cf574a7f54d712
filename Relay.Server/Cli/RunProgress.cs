using Shared.Contracts;
using Shared.Contracts.Api;
using Spectre.Console;

namespace Relay.Server.Cli;

/// <summary>Shows the progress of a run: bars on a terminal, else one line per stage.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <returns>The finished run.</returns>
    public static Task<TrainingRun> FollowAsync(RelayApi relay, TrainingRun run, TextWriter output, CancellationToken cancellationToken) =>
        !Console.IsOutputRedirected && output is DisplayTextWriter { Target: var target } && ReferenceEquals(target, Console.Out)
            ? OnTerminalAsync(relay, run, cancellationToken)
            : AsLinesAsync(relay, run, output, cancellationToken);

    private static Task<TrainingRun> OnTerminalAsync(RelayApi relay, TrainingRun run, CancellationToken cancellationToken) =>
        AnsiConsole.Progress().AutoClear(true).StartAsync(async progress =>
        {
            Dictionary<string, ProgressTask> stages = [];
            return await PollAsync(relay, run, now =>
            {
                string stage = StageOf(now);
                if (!stages.TryGetValue(stage, out ProgressTask? task))
                {
                    foreach (ProgressTask earlier in stages.Values)
                    {
                        earlier.Value = earlier.MaxValue;
                    }

                    stages[stage] = task = progress.AddTask(Markup.Escape(stage));
                }

                task.IsIndeterminate = now.Total is null;
                task.MaxValue = Math.Max(now.Total ?? 1, 1);
                task.Value = now.Total is null ? 0 : now.Done;
            }, cancellationToken);
        });

    private static Task<TrainingRun> AsLinesAsync(RelayApi relay, TrainingRun run, TextWriter output, CancellationToken cancellationToken)
    {
        string? shown = null;
        return PollAsync(relay, run, now =>
        {
            string stage = StageOf(now);
            if (stage != shown)
            {
                shown = stage;
                output.WriteLine(now.Total is { } total ? $"  {stage} ({total})" : $"  {stage}");
            }
        }, cancellationToken);
    }

    private static string StageOf(TrainingRun run) => DisplayText.Escape(run.Stage ?? run.State.ToString().ToLowerInvariant());

    private static async Task<TrainingRun> PollAsync(
        RelayApi relay, TrainingRun run, Action<TrainingRun> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            run = await relay.GetAsync($"{Routes.TrainingRuns}/{run.Id}", RelayApiJson.Default.TrainingRun, cancellationToken);
            show(run);
            if (run.IsFinished)
            {
                return run;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }
}
