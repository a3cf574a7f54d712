using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Home;

/// <summary>Samples of a dataset that differ from those of before.</summary>
/// <param name="Run">The run that a trigger started because of it.</param>
/// <param name="Bound">The population stability index that a column went beyond.</param>
public sealed record DriftedSamples(TrainingRun Run, double Bound)
{
    internal static async Task<IReadOnlyList<DriftedSamples>> FindAsync(
        PageRequest request, IEnumerable<TrainingRun> runs, CancellationToken cancellationToken)
    {
        List<DriftedSamples> found = [];
        foreach (TrainingRun run in runs)
        {
            // A trigger that was deleted since says no longer why it started the run.
            if (run.Trigger is { } trigger
                && await PageRequest.FindAsync(request.Api.Triggers.FindAsync(trigger, cancellationToken)) is { Rule.Drift: { } bound })
            {
                found.Add(new(run, bound));
            }
        }

        return found;
    }
}
