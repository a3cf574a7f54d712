namespace Sync.Client;

/// <summary>Who decides which release a node runs. Kept over restarts.</summary>
/// <param name="Release">The release that the node is pinned to; null in every other mode.</param>
public sealed record NodeSteering(SteeringMode Mode, int? Release = null)
{
    /// <summary>The channel decides.</summary>
    public static NodeSteering Following { get; } = new(SteeringMode.Following);

    /// <summary>Nothing new becomes active.</summary>
    public static NodeSteering Held { get; } = new(SteeringMode.Held);

    public static NodeSteering PinnedTo(int release) => new(SteeringMode.Pinned, release);

    public override string ToString() => Release is { } release ? $"{Mode} to release {release}" : Mode.ToString();
}

public enum SteeringMode
{
    /// <summary>The node runs what its channel says.</summary>
    Following,

    /// <summary>The node keeps what it runs, unless that is revoked: then, as when it runs nothing, it takes what the channel says and
    /// keeps that.</summary>
    Held,

    /// <summary>The node runs one release, unless that is revoked: then it follows the channel again.</summary>
    Pinned,
}
