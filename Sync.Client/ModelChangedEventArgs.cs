namespace Sync.Client;

/// <summary>Another release answers, or none.</summary>
/// <param name="release">0 when nothing answers any more.</param>
/// <param name="changes">The models whose version is another one than before; empty when a release kept them all.</param>
public sealed class ModelChangedEventArgs(int release, ModelChangeCause cause, IReadOnlyList<ModelChange> changes) : EventArgs
{
    public int Release { get; } = release;

    public ModelChangeCause Cause { get; } = cause;

    public IReadOnlyList<ModelChange> Changes { get; } = changes;
}

/// <summary>One model that changed.</summary>
/// <param name="Old">What answered before; null when nothing did.</param>
/// <param name="New">What answers now; null when nothing may.</param>
public sealed record ModelChange(string Model, ActiveModelVersion? Old, ActiveModelVersion? New);

/// <summary>Why another release answers.</summary>
public enum ModelChangeCause
{
    /// <summary>The channel says so.</summary>
    Sync,

    /// <summary>The node started and found it in its store.</summary>
    Restore,

    /// <summary>What ran may no longer run; this is what ran before it, or nothing.</summary>
    Fallback,

    /// <summary>The node was pinned to it.</summary>
    Pin,
}
