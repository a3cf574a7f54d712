using Sync.Native.Interop;

namespace Sync.Native.Handles;

/// <summary>The handles of this process: a place in a table, and a generation that no other handle ever has. A handle that was closed, made up or
/// is of another kind is found out by a comparison; nothing that a caller passes is used as an address.</summary>
internal static class HandleTable
{
    private const int PlaceBits = 16;
    private const int MaxPlaces = 1 << PlaceBits;

    private static HandleOwner?[]? _owners;
    private static ulong _generation;

    /// <summary>The owner of a handle, without a lock; null where there is none.</summary>
    public static HandleOwner? Find(ulong handle)
    {
        HandleOwner?[]? owners = Volatile.Read(ref _owners);
        uint place = (uint)handle % MaxPlaces;
        return owners is not null && place < (uint)owners.Length && owners[place] is { } owner && owner.Handle == handle ? owner : null;
    }

    /// <summary>Gives the owner its handle.</summary>
    /// <exception cref="NativeCallException">All places are taken.</exception>
    public static void Add(HandleOwner owner)
    {
        lock (Gate.Changing)
        {
            HandleOwner?[] owners = _owners ?? [];
            int place = Array.IndexOf(owners, null);
            if (place < 0)
            {
                place = owners.Length;
                if (place == MaxPlaces)
                {
                    throw new NativeCallException(NativeStatus.InvalidArgument, $"{MaxPlaces} handles are open: close some");
                }

                Array.Resize(ref owners, Math.Min(MaxPlaces, Math.Max(16, 2 * place)));
            }

            owner.Handle = (++_generation << PlaceBits) | (uint)place;
            Volatile.Write(ref owners[place], owner);
            Volatile.Write(ref _owners, owners);
        }
    }

    /// <returns>False where the handle is closed already.</returns>
    public static bool Remove(HandleOwner owner)
    {
        lock (Gate.Changing)
        {
            ref HandleOwner? place = ref _owners![(int)(owner.Handle % MaxPlaces)];
            bool isOpen = place == owner;
            place = isOpen ? null : place;
            return isOpen;
        }
    }

    // A class of its own, so that Find needs no check whether this one is initialized.
    private static class Gate
    {
        public static readonly Lock Changing = new();
    }
}
