namespace Shared.Contracts.Http;

/// <summary>An item of a <see cref="Slab{T}"/>.</summary>
internal interface ISlabItem
{
    /// <summary>The next item of the list that this one is part of; 0 for none. It is the list of unused items while the item is unused.</summary>
    int Next { get; set; }
}

/// <summary>A bounded number of structs by their index, from 1. They are stored in small arrays: growth copies nothing, and what is returned is used
/// again, so that a full slab allocates nothing.</summary>
internal sealed class Slab<T>(int capacity)
    where T : struct, ISlabItem
{
    private const int ChunkBits = 9;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly T[][] _chunks = new T[(capacity >> ChunkBits) + 1][];
    private int _last;
    private int _unused;

    /// <summary>True where <see cref="Rent"/> has nothing to give.</summary>
    public bool IsFull => _unused == 0 && _last == capacity;

    public ref T this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>The index of an item that is <c>default</c>.</summary>
    public int Rent()
    {
        if (_unused != 0)
        {
            int index = _unused;
            ref T item = ref this[index];
            _unused = item.Next;
            item = default;
            return index;
        }

        int next = ++_last;
        _chunks[next >> ChunkBits] ??= new T[Math.Min(ChunkSize, capacity + 1 - (next & ~(ChunkSize - 1)))];
        return next;
    }

    public void Return(int index)
    {
        this[index] = new() { Next = _unused };
        _unused = index;
    }
}
