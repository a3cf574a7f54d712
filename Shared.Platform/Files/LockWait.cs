namespace Shared.Platform.Files;

/// <summary>How to wait for a lock that another holds. A wait without a word looks like a program that hangs.</summary>
internal sealed record LockWait
{
    /// <summary>Gets one line when the wait is longer than <see cref="ReportAfter"/>; null: no one is told.</summary>
    public Action<string>? Report { get; init; }

    public TimeSpan ReportAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest wait; null: until the lock is free.</summary>
    public TimeSpan? Maximum { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
