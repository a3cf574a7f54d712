using Shared.Contracts;
using Sync.Client.Reports;
using Sync.Client.Scoring;
using Sync.Client.Trust;

namespace Sync.Client.Updates.Maintenance;

/// <summary>Activates a release that passed every check: now, or when the maintenance window opens. What makes a node safer never waits: a first
/// release, a return to an earlier one, and whatever replaces a release that may not answer any more. Nor does a pin, since a person asked
/// for it.</summary>
internal sealed class MaintenanceGate
{
    private readonly UpdateServices _node;
    private MaintenanceWindow? _window;

    /// <exception cref="ArgumentException">The options have a maintenance window that cannot be read.</exception>
    public MaintenanceGate(UpdateServices node, string? window)
    {
        _node = node;
        SetWindow(window);
    }

    /// <summary>Changes the window. A release that waits is planned anew by the next update.</summary>
    /// <param name="window">Null for none.</param>
    /// <exception cref="ArgumentException">It cannot be read.</exception>
    public void SetWindow(string? window)
    {
        if (window is null)
        {
            _window = null;
            return;
        }

        Result<MaintenanceWindow, WindowRefusal> read = MaintenanceWindow.Read(window);
        _window = read.IsAccepted
            ? read.Value
            : throw new ArgumentException($"{OptionNames.MaintenanceWindow}: {read.Refusal.Detail}", nameof(window));
    }

    /// <summary>Activates the release, or keeps it until the window opens.</summary>
    /// <param name="isPinned">True for a release that the node is pinned to.</param>
    /// <exception cref="IOException">The store cannot record the release: it is freed, and the active one stays.</exception>
    public void Admit(LoadedRelease release, NodeTrust trust, bool isPinned)
    {
        PreparedRelease? before = _node.State.Prepared;
        if (!isPinned && FindOpening(release, trust) is { } opensAt)
        {
            _node.State.Prepared = new PreparedRelease(release, opensAt);
            if (before?.Release != release)
            {
                _node.Logger.WaitsForWindow(release.Number, opensAt);
            }

            return;
        }

        _node.State.Prepared = null;
        _node.Activator.Activate(release, trust);
    }

    private DateTimeOffset? FindOpening(LoadedRelease release, NodeTrust trust) =>
        _window is null || _node.Slot.Current is not { } running || IsReturn(release.Number, running.Number)
        || _node.State.FindForbidden(trust.Policy) is not null
            ? null
            : _window.FindOpening(_node.TimeProvider.GetUtcNow(), _node.TimeProvider.LocalTimeZone);

    private bool IsReturn(int next, int running) => next <= running || _node.Store.ReadActive()?.Previous?.Number == next;
}
