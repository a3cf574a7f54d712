namespace Relay.Server.Repository.Mirroring;

/// <summary>How long an update of a mirror may take.</summary>
internal sealed record MirrorTimes
{
    /// <summary>The whole update, without the wait for another run.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The wait for another run that has the folder.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromMinutes(1);
}
