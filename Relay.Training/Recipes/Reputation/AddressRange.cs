namespace Relay.Training.Recipes.Reputation;

/// <summary>IPv4 addresses from one to another, both included.</summary>
internal readonly record struct AddressRange(uint First, uint Last)
{
    public long Count => (long)Last - First + 1;

    /// <summary>The largest networks of the given lengths that make up the range.</summary>
    /// <param name="lengths">Bits of prefixes, longest first, the first of them 32.</param>
    public IEnumerable<(uint Network, int Length)> Cover(IReadOnlyList<int> lengths)
    {
        for (ulong next = First; next <= Last;)
        {
            int length = lengths[0];
            foreach (int wider in lengths.Skip(1))
            {
                ulong size = 1UL << (32 - wider);
                length = next % size == 0 && next + size - 1 <= Last ? wider : length;
            }

            yield return ((uint)next, length);
            next += 1UL << (32 - length);
        }
    }
}
