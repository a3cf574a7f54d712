using System.Numerics;

namespace Shared.Contracts.Http;

/// <summary>The addresses of each fingerprint, in bounded memory: where a part of it is full, the fingerprint that was not seen for longest is
/// forgotten.</summary>
/// <param name="limit">Maximum number of addresses that are counted of one fingerprint.</param>
internal sealed class FingerprintAddresses(int capacity, int limit, KeyHash hash)
{
    /// <summary>Addresses that are kept for each fingerprint of the capacity, on average.</summary>
    private const int AddressesPerFingerprint = 16;

    private readonly LruTable<Fingerprint> _fingerprints = new(capacity, hash);
    private readonly Slab<Address> _addresses = new(AddressesOf(capacity, limit));
    private readonly int[] _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Min(AddressesOf(capacity, limit), capacity * 2L))];

    /// <summary>Adds an address to those of a fingerprint.</summary>
    /// <param name="fingerprint">The hash of its headers.</param>
    /// <returns>How many addresses it has, up to the limit.</returns>
    public int Add(ulong fingerprint, ulong address)
    {
        int slot = FindOrAdd(fingerprint);
        ref Fingerprint found = ref _fingerprints[slot];
        if (found.Count < limit && !Contains(slot, address))
        {
            while (_addresses.IsFull)
            {
                ForgetOldest();                 // another one, since this one is the newest and has fewer addresses than there is room for
            }

            ref int bucket = ref Bucket(slot, address);
            int added = _addresses.Rent();
            _addresses[added] = new() { Key = address, Fingerprint = slot, Next = found.First, NextInBucket = bucket };
            (found.First, found.Count, bucket) = (added, found.Count + 1, added);
        }

        return found.Count;
    }

    private static int AddressesOf(int capacity, int limit) =>
        Math.Max(2 * limit, (int)Math.Min(int.MaxValue / 2, (long)capacity * AddressesPerFingerprint));

    private int FindOrAdd(ulong key)
    {
        int slot = _fingerprints.Find(key);
        if (slot != 0)
        {
            return slot;
        }

        if (_fingerprints.IsFull)
        {
            ForgetOldest();
        }

        return _fingerprints.Add(key);
    }

    private bool Contains(int fingerprint, ulong address)
    {
        int index = Bucket(fingerprint, address);
        while (index != 0 && (_addresses[index].Fingerprint != fingerprint || _addresses[index].Key != address))
        {
            index = _addresses[index].NextInBucket;
        }

        return index != 0;
    }

    private void ForgetOldest()
    {
        int slot = _fingerprints.Oldest;
        for (int index = _fingerprints[slot].First; index != 0;)
        {
            ref int link = ref Bucket(slot, _addresses[index].Key);
            while (link != index)
            {
                link = ref _addresses[link].NextInBucket;
            }

            int next = _addresses[index].Next;
            link = _addresses[index].NextInBucket;
            _addresses.Return(index);
            index = next;
        }

        _fingerprints.Remove(slot);
    }

    private ref int Bucket(int fingerprint, ulong address) =>
        ref _buckets[hash.Hash(address ^ ((ulong)fingerprint << 32)) & (ulong)(_buckets.Length - 1)];

    private struct Fingerprint
    {
        public int First;
        public int Count;
    }

    private struct Address : ISlabItem
    {
        public ulong Key;
        public int Fingerprint;
        public int NextInBucket;

        public int Next { get; set; }
    }
}
