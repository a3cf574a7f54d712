using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>Follows a run on a relay to its end and shows its progress.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <returns>The finished run.</returns>
    public static Task<TrainingRun> FollowAsync(RelayApi relay, TrainingRun run, TextWriter output, CancellationToken cancellationToken) =>
        StageDisplay.RunAsync(output, TimeProvider.System, show => PollAsync(relay, run, show, cancellationToken));

    private static async Task<TrainingRun> PollAsync(RelayApi relay, TrainingRun run, ShowStage show, CancellationToken cancellationToken)
    {
        while (true)
        {
            run = await relay.Client.TrainingRuns.FindAsync(run.Id, cancellationToken);
            show(DisplayText.Escape(run.Stage ?? run.State.ToString().ToLowerInvariant()), run.Done, run.Total);
            if (run.IsFinished)
            {
                return run;
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }
}
