namespace Sync.Native.Handles;

/// <summary>What a handle stands for.</summary>
internal abstract class HandleOwner
{
    /// <summary>The number that the caller has; 0 before <see cref="HandleTable.Add"/>.</summary>
    public ulong Handle { get; set; }
}
