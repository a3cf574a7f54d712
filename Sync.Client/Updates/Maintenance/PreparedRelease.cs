using Sync.Client.Scoring;

namespace Sync.Client.Updates.Maintenance;

/// <summary>A release that passed every check and waits for the maintenance window. It owns the scorers that it does not share with the active
/// release.</summary>
/// <param name="OpensAt">When the window opens, as of the last look at the clock.</param>
internal sealed record PreparedRelease(LoadedRelease Release, DateTimeOffset OpensAt);
