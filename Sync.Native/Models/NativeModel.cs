using System.Runtime.CompilerServices;
using Sync.Client.Scoring;
using Sync.Native.Handles;
using Sync.Native.Interop;

namespace Sync.Native.Models;

/// <summary>A model of a node, or one of a file that the caller chose.</summary>
/// <param name="slot">The active release.</param>
/// <param name="isOfNode">True where the handle is closed with that of a node.</param>
internal sealed class NativeModel(string name, ReleaseSlot slot, bool isOfNode) : HandleOwner
{
    private VersionReaders? _readers;

    public string Name => name;

    public ReleaseSlot Slot => slot;

    public bool IsOfNode => isOfNode;

    /// <exception cref="NativeCallException">The handle is not that of an open model, or this is the child of a fork.</exception>
    public static NativeModel From(ulong handle) =>
        !ForkGuard.IsChild && HandleTable.Find(handle) is NativeModel model ? model : throw Missing(handle);

    /// <summary>The readers for a scorer that the caller has entered. Made once for each version.</summary>
    public VersionReaders ReadersOf(ModelScorer scorer)
    {
        VersionReaders? readers = Volatile.Read(ref _readers);
        return readers is not null && readers.Version == (object)scorer.Version ? readers : Create(scorer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VersionReaders Create(ModelScorer scorer)
    {
        VersionReaders readers = new(scorer);
        Volatile.Write(ref _readers, readers);
        return readers;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NativeCallException Missing(ulong handle) => ForkGuard.IsChild
        ? ForkGuard.CreateException()
        : new NativeCallException(NativeStatus.InvalidHandle, $"{handle} is not the handle of an open model: it was closed, or never given");
}
