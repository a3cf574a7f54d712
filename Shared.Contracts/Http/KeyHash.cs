using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Shared.Contracts.Http;

/// <summary>Hashes of 64 bits under secrets of this process: who chooses addresses or headers cannot choose those that collide.</summary>
internal sealed class KeyHash
{
    private readonly ulong _mask = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private readonly ulong _factor = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    public ulong Hash(ulong key) => Multiply(key ^ _mask, _factor);

    /// <summary>The hash of texts in their order: each text is added to that of the texts before it, which is 0 at first.</summary>
    public ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<char, ulong>(text);
        hash ^= _mask;
        foreach (ulong word in words)
        {
            hash = Multiply(hash ^ word, _factor);
        }

        ulong rest = (ulong)text.Length;
        foreach (char c in text[(words.Length * 4)..])
        {
            rest = (rest << 16) | c;
        }

        return Multiply(hash ^ rest, _factor);
    }

    private static ulong Multiply(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
