namespace Relay.Server.Repository.GarbageCollection;

/// <summary>Says which archived timestamps, and with them which metadata and documents, the history of nodes rests on.</summary>
internal interface IPastTimestamps
{
    KeptTimestamps Find(DateTimeOffset now);
}

/// <summary>The archived timestamps that stay; the rest may be removed.</summary>
/// <param name="Since">Those that were signed at this time or later.</param>
/// <param name="Versions">Older ones that reports name.</param>
internal sealed record KeptTimestamps(DateTimeOffset Since, IReadOnlySet<long> Versions)
{
    /// <summary>For a repository without a history.</summary>
    public static KeptTimestamps None { get; } = new(DateTimeOffset.MaxValue, new HashSet<long>());

    /// <summary>For a program that does not know how long the history is kept.</summary>
    public static KeptTimestamps All { get; } = new(DateTimeOffset.MinValue, new HashSet<long>());
}
