using System.Security.Cryptography;

namespace Relay.Training.Data.Csv;

/// <summary>A read-only stream that hashes what is read, so that the digest is of the parsed bytes.</summary>
internal sealed class HashingStream(Stream inner) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Reads to the end and returns the SHA-256 of everything read, lower-case hexadecimal.</summary>
    public string Finish(CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[1 << 16];
        while (Read(buffer) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _hash.AppendData(buffer[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
