namespace Relay.Server.Retention;

/// <summary>Which finished training runs and unpublished versions the relay deletes by itself. 0: none because of this rule.</summary>
internal sealed record RetentionRules
{
    public const int DefaultRunDays = 365;

    /// <summary>Deletes nothing.</summary>
    public static RetentionRules None { get; } = new() { RunDays = 0 };

    /// <summary>The days after its end for which a run stays.</summary>
    public int RunDays { get; init; } = DefaultRunDays;

    /// <summary>The number of runs of each model that stay.</summary>
    public int KeepRuns { get; init; }

    /// <summary>The days for which a version stays.</summary>
    public int VersionDays { get; init; }

    /// <summary>The number of versions of each model that stay.</summary>
    public int KeepVersions { get; init; }
}
