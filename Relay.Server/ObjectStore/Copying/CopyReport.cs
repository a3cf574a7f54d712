namespace Relay.Server.ObjectStore.Copying;

/// <summary>Why nothing more was written to a bucket: an operator has to decide.</summary>
internal enum CopyRefusal
{
    /// <summary>The bucket has the first root of another repository.</summary>
    OtherRepository,

    /// <summary>The bucket has signed metadata that is newer than the relay's.</summary>
    NewerRepository,

    /// <summary>Metadata that nodes need is in the bucket with other bytes.</summary>
    ChangedMetadata,
}

/// <summary>A file that the bucket has with other bytes, or that could not be copied.</summary>
/// <param name="Path">Below the repository's folder; the key below the prefix.</param>
internal sealed record CopyConflict(string Path, string Problem);

/// <summary>How a comparison of repository and bucket ended.</summary>
/// <param name="Timestamp">The version of the relay's timestamp at its start.</param>
/// <param name="Refused">Null: the bucket has that timestamp.</param>
/// <param name="Verified">The objects whose bytes are those of their files.</param>
internal sealed record CopyReport(
    long Timestamp, int Written, int Deleted, IReadOnlyList<CopyConflict> Conflicts, CopyRefusal? Refused, IReadOnlySet<string> Verified);
