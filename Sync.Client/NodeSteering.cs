namespace Sync.Client;

/// <summary>The rule by which a node chooses its release. It survives restarts.</summary>
/// <param name="Mode">Follow the channel, hold, or pin.</param>
/// <param name="Release">The release that the node is pinned to; null in every other mode.</param>
public sealed record NodeSteering(SteeringMode Mode, int? Release = null)
{
    /// <summary>The node runs the release of its channel.</summary>
    public static NodeSteering Following { get; } = new(SteeringMode.Following);

    /// <summary>The node keeps its active release.</summary>
    public static NodeSteering Held { get; } = new(SteeringMode.Held);

    /// <summary>The node runs one release.</summary>
    /// <param name="release">Its number, from 1.</param>
    public static NodeSteering PinnedTo(int release) => new(SteeringMode.Pinned, release);

    /// <summary>True when the mode is one of this version, and a pin has a release.</summary>
    internal bool IsWhole => Enum.IsDefined(Mode) && (Mode is SteeringMode.Pinned ? Release >= 1 : Release is null);

    /// <summary>The mode, with the release of a pin.</summary>
    public override string ToString() => Release is { } release ? $"{Mode} to release {release}" : Mode.ToString();
}

/// <summary>How a node chooses its release.</summary>
public enum SteeringMode
{
    /// <summary>The node runs the release of its channel.</summary>
    Following,

    /// <summary>The node keeps its active release. Where that is revoked, or none is active, it takes the release of its channel and holds
    /// that one.</summary>
    Held,

    /// <summary>The node runs one release. Where that is revoked, it follows its channel again.</summary>
    Pinned,
}
