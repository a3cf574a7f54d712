namespace Relay.Training.Engines.Binning;

/// <summary>Sorts keys by 11 bits at a time, from integer histograms: linear, and the result owes nothing to the order of rows.</summary>
internal static class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;

    /// <returns>The sorted keys, in one of the two buffers.</returns>
    public static Span<uint> Sort(Span<uint> keys, Span<uint> scratch)
    {
        Span<int> starts = stackalloc int[Digits];
        for (int shift = 0; shift < 32; shift += DigitBits)
        {
            starts.Clear();
            foreach (uint key in keys)
            {
                starts[(int)(key >> shift) & (Digits - 1)]++;
            }

            if (starts.Contains(keys.Length))
            {
                continue;
            }

            int start = 0;
            for (int digit = 0; digit < Digits; digit++)
            {
                int count = starts[digit];
                starts[digit] = start;
                start += count;
            }

            foreach (uint key in keys)
            {
                scratch[starts[(int)(key >> shift) & (Digits - 1)]++] = key;
            }

            Span<uint> sorted = scratch[..keys.Length];
            scratch = keys;
            keys = sorted;
        }

        return keys;
    }
}
