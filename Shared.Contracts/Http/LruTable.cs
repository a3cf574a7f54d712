using System.Numerics;

namespace Shared.Contracts.Http;

/// <summary>A bounded table of structs by a key of 64 bits, in the order of their use. A slot is the index of an entry, from 1.</summary>
internal sealed class LruTable<TValue>(int capacity, KeyHash hash)
    where TValue : struct
{
    private readonly int[] _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private readonly Slab<Entry> _entries = new(capacity);
    private int _newest;

    /// <summary>True where an entry must be removed before another key is added.</summary>
    public bool IsFull => _entries.IsFull;

    /// <summary>The entry that was not used for longest; 0 for none.</summary>
    public int Oldest { get; private set; }

    public ref TValue this[int slot] => ref _entries[slot].Value;

    /// <summary>The slot of a key, which becomes the newest; 0 where the table does not have the key.</summary>
    public int Find(ulong key)
    {
        for (int slot = Bucket(key); slot != 0; slot = _entries[slot].Next)
        {
            if (_entries[slot].Key == key)
            {
                MoveToNewest(slot);
                return slot;
            }
        }

        return 0;
    }

    /// <summary>Adds a key that the table does not have and has room for, with a default value.</summary>
    public int Add(ulong key)
    {
        ref int bucket = ref Bucket(key);
        int slot = _entries.Rent();
        ref Entry entry = ref _entries[slot];
        (entry.Key, entry.Next, bucket) = (key, bucket, slot);
        Append(slot);
        return slot;
    }

    public void Remove(int slot)
    {
        ref int link = ref Bucket(_entries[slot].Key);
        while (link != slot)
        {
            link = ref _entries[link].NextField;
        }

        link = _entries[slot].Next;
        Detach(slot);
        _entries.Return(slot);
    }

    private ref int Bucket(ulong key) => ref _buckets[hash.Hash(key) & (ulong)(_buckets.Length - 1)];

    private void MoveToNewest(int slot)
    {
        if (slot != _newest)
        {
            Detach(slot);
            Append(slot);
        }
    }

    private void Append(int slot)
    {
        ref Entry entry = ref _entries[slot];
        (entry.Older, entry.Newer) = (_newest, 0);
        if (_newest != 0)
        {
            _entries[_newest].Newer = slot;
        }

        _newest = slot;
        Oldest = Oldest == 0 ? slot : Oldest;
    }

    private void Detach(int slot)
    {
        ref Entry entry = ref _entries[slot];
        if (entry.Newer != 0)
        {
            _entries[entry.Newer].Older = entry.Older;
        }
        else
        {
            _newest = entry.Older;
        }

        if (entry.Older != 0)
        {
            _entries[entry.Older].Newer = entry.Newer;
        }
        else
        {
            Oldest = entry.Newer;
        }
    }

    private struct Entry : ISlabItem
    {
        public ulong Key;
        public TValue Value;
        public int Newer;
        public int Older;
        public int NextField;

        public int Next { readonly get => NextField; set => NextField = value; }
    }
}
