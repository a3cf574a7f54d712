namespace Sync.Client;

/// <summary>The change from one active release to another, or to none.</summary>
/// <param name="release">The number of the active release; 0 when none is active.</param>
/// <param name="cause">Why it became active.</param>
/// <param name="changes">The models whose file changed; empty when the release has the same files as the one before.</param>
public sealed class ModelChangedEventArgs(int release, ModelChangeCause cause, IReadOnlyList<ModelChange> changes) : EventArgs
{
    /// <summary>The number of the active release; 0 when none is active.</summary>
    public int Release { get; } = release;

    /// <summary>Why it became active.</summary>
    public ModelChangeCause Cause { get; } = cause;

    /// <summary>The models whose file changed, by name.</summary>
    public IReadOnlyList<ModelChange> Changes { get; } = changes;
}

/// <summary>The change of one model.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Old">The version that was active before; null when none was.</param>
/// <param name="New">The version that is active now; null when none is.</param>
public sealed record ModelChange(string Model, ActiveModelVersion? Old, ActiveModelVersion? New);

/// <summary>Why a release became active.</summary>
public enum ModelChangeCause
{
    /// <summary>It is the release of the node's channel.</summary>
    Sync,

    /// <summary>The node started, and its store held it.</summary>
    Restore,

    /// <summary>The active release was revoked: this is the last good one before it, or none.</summary>
    Fallback,

    /// <summary>The node is pinned to it.</summary>
    Pin,
}
