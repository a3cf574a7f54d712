using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Training.Federated;

/// <summary>Random numbers of 64 bits from a key and the number of a step: the key stream of AES-GCM, which is what it makes of zeros.</summary>
internal sealed class MaskStream(byte[] key) : IDisposable
{
    private static readonly int TagBytes = AesGcm.TagByteSizes.MaxSize;
    private readonly AesGcm _cipher = new(key, TagBytes);
    private byte[] _zeros = [];
    private byte[] _stream = [];

    /// <summary>Adds the numbers of a step, modulo 2^64.</summary>
    public void Add(Span<long> values, long step)
    {
        ReadOnlySpan<long> masks = Create(values.Length, step);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = unchecked(values[i] + masks[i]);
        }
    }

    /// <summary>Subtracts the numbers of a step, modulo 2^64.</summary>
    public void Subtract(Span<long> values, long step)
    {
        ReadOnlySpan<long> masks = Create(values.Length, step);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = unchecked(values[i] - masks[i]);
        }
    }

    public void Dispose() => _cipher.Dispose();

    private ReadOnlySpan<long> Create(int count, long step)
    {
        int bytes = count * sizeof(long);
        if (_zeros.Length < bytes)
        {
            _zeros = new byte[bytes];
            _stream = new byte[bytes];
        }

        Span<byte> nonce = stackalloc byte[AesGcm.NonceByteSizes.MaxSize];
        PairKeys.WriteNonce(nonce, step);
        Span<byte> tag = stackalloc byte[TagBytes];
        _cipher.Encrypt(nonce, _zeros.AsSpan(0, bytes), _stream.AsSpan(0, bytes), tag);
        return MemoryMarshal.Cast<byte, long>(_stream.AsSpan(0, bytes));
    }
}
