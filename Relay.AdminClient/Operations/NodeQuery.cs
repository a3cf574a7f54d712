using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which nodes to list, by their latest reports. What is null excludes none.</summary>
public sealed record NodeQuery
{
    /// <summary>What their ids begin with.</summary>
    public string? Prefix { get; init; }

    /// <summary>The channel that they are on.</summary>
    public string? Channel { get; init; }

    /// <summary>The release that they run.</summary>
    public int? Release { get; init; }

    /// <summary>A model that they run.</summary>
    public string? Model { get; init; }

    /// <summary>The version of <see cref="Model"/> that they run.</summary>
    public int? Version { get; init; }

    /// <summary>True: those whose metadata has expired; false: the others.</summary>
    public bool? Stale { get; init; }

    /// <summary>True: those with an artifact in quarantine; false: the others.</summary>
    public bool? Quarantined { get; init; }

    /// <summary>True: those that report refusals; false: the others.</summary>
    public bool? Refusing { get; init; }

    /// <summary>True: banned ones; false: the others.</summary>
    public bool? Banned { get; init; }

    /// <summary>Those that have reported since.</summary>
    public DateTimeOffset? SeenSince { get; init; }

    /// <summary>Those that have not reported since.</summary>
    public DateTimeOffset? NotSeenSince { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("prefix", Prefix)
        .Add("channel", Channel)
        .Add("release", Release)
        .Add("model", Model)
        .Add("version", Version)
        .Add("stale", Stale)
        .Add("quarantined", Quarantined)
        .Add("refusing", Refusing)
        .Add("banned", Banned)
        .Add("seenSince", SeenSince)
        .Add("notSeenSince", NotSeenSince)
        .ToPath(path);
}
