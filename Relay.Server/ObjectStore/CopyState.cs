using Relay.Server.ObjectStore.Copying;

namespace Relay.Server.ObjectStore;

/// <summary>How far the bucket is.</summary>
internal sealed record CopyState
{
    /// <summary>The bucket as messages name it.</summary>
    public required string Bucket { get; init; }

    /// <summary>The version of the timestamp that the relay serves; 0: not read yet.</summary>
    public long Current { get; init; }

    /// <summary>The version of the timestamp that the bucket got last from this process; 0: none yet.</summary>
    public long Copied { get; init; }

    /// <summary>When the bucket was last compared and up to date; null: not by this process.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Since when the bucket lacks what is current; null: it has it.</summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <summary>Files that are still to be written.</summary>
    public int Missing { get; init; }

    public IReadOnlyList<CopyConflict> Conflicts { get; init; } = [];

    /// <summary>Why the last comparison did not end; null: it did.</summary>
    public string? Problem { get; init; }

    /// <summary>The objects with the right bytes.</summary>
    public IReadOnlySet<string> Verified { get; init; } = new HashSet<string>();
}
