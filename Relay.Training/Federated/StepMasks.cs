using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Training.Federated;

/// <summary>The masks of one owner. Of two owners, the first adds the stream of their pair and the other subtracts it, so that the masks of all
/// pairs cancel in the sum. The first owner adds the stream of the group as well, which all owners take off the sum: the coordinator
/// cannot.</summary>
/// <param name="pairs">Per owner the stream with it; null for this one.</param>
internal sealed class StepMasks(int rank, MaskStream?[] pairs, MaskStream group) : IDisposable
{
    /// <summary>Hides this owner's numbers.</summary>
    public void Mask(Span<long> values, long step)
    {
        for (int other = 0; other < pairs.Length; other++)
        {
            if (other > rank)
            {
                pairs[other]!.Add(values, step);
            }
            else if (other < rank)
            {
                pairs[other]!.Subtract(values, step);
            }
        }

        if (rank == 0)
        {
            group.Add(values, step);
        }
    }

    /// <summary>Uncovers the sum of all owners' masked numbers.</summary>
    public void Unmask(Span<long> sum, long step) => group.Subtract(sum, step);

    /// <summary>What owners compare instead of a digest: an HMAC by numbers of the group's stream. The coordinator does not have these, and cannot
    /// confirm a guess.</summary>
    public byte[] ComputeMac(ReadOnlySpan<byte> digest, long step)
    {
        long[] key = new long[HMACSHA256.HashSizeInBytes / sizeof(long)];
        group.Add(key, step);
        return HMACSHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()), digest);
    }

    public void Dispose()
    {
        Array.ForEach(pairs, pair => pair?.Dispose());
        group.Dispose();
    }
}
