using Shared.Contracts;
using Sync.Client.Hosting;
using Sync.Client.Push;

namespace Sync.Client;

// What the host's service and the services of an app ask of a node.
public sealed partial class SyncClient
{
    /// <summary>Plans the next poll after an update.</summary>
    /// <param name="isThrough">True when nothing was refused.</param>
    internal void PlanNext(UpdateSchedule schedule, bool isThrough) =>
        schedule.UpdateEnded(_updates.State.TimestampVersion, isThrough, _connections.Relay?.AskedPace ?? TimeSpan.Zero);

    /// <summary>Follows the relay's event stream until it is cancelled; returns at once where there is none to follow.</summary>
    internal Task FollowEventsAsync(UpdateSchedule schedule, CancellationToken cancellationToken) =>
        _options.Push && _connections.Relay is { } relay
            ? new EventFollower(
                relay, _options.Channel, schedule, _connections.Pushed, () => _updates.State.TimestampVersion,
                isOpen => _updates.State.HasEventStream = isOpen, _updates.TimeProvider, _logger).RunAsync(cancellationToken)
            : Task.CompletedTask;

    /// <summary>Applies changed options as far as a running node can.</summary>
    /// <returns>The names of those that it applied, and of those that need another start.</returns>
    internal async Task<(IReadOnlyList<string> Applied, IReadOnlyList<string> Others)> ApplyAsync(RelaySyncOptions next)
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            (IReadOnlyList<string> live, IReadOnlyList<string> others) = OptionsDifference.Find(_options, next);
            (_options.PollInterval, _options.MaintenanceWindow) = (next.PollInterval, next.MaintenanceWindow);
            _updates.Gate.SetWindow(next.MaintenanceWindow);
            _options.Require.Clear();
            foreach (string gate in next.Require)
            {
                _options.Require.Add(gate);
            }

            return (live, others);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Adds a refusal to the status, the log and the next check-in.</summary>
    internal void Report(Refusal refusal) => _updates.Reporter.Report(refusal);

    /// <summary>As <see cref="Report"/>, of an exception that nothing expects.</summary>
    internal void ReportUnexpected(Exception exception) => _updates.Reporter.ReportUnexpected(exception);

    /// <summary>True where a model, of that name if there is one, takes rows of a type.</summary>
    internal bool TakesRows(Type rowType, string? name) => _options.RowTypes.Any(t => t.Type == rowType && (name ?? t.Model) == t.Model);

    internal IRelayModel ModelOfRows(Type rowType, string? name)
    {
        string[] found = [.. _options.RowTypes.Where(t => t.Type == rowType && (name ?? t.Model) == t.Model).Select(t => t.Model).Distinct()];
        return found switch
        {
            [string only] => Model(only),
            [] => throw new ArgumentException($"no model takes rows of {rowType.Name}: name both with RelaySyncOptions.AddModel<{rowType.Name}>"),
            _ => throw new ArgumentException($"{string.Join(" and ", found)} take rows of {rowType.Name}: ask for one by name"),
        };
    }
}
