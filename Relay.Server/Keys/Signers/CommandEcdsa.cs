using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace Relay.Server.Keys.Signers;

/// <summary>A P-256 key outside this process: a command signs with it. Each signature is verified here, so that the relay and not a
/// node finds a wrong key or a broken command.</summary>
internal sealed class CommandEcdsa(ECDsa publicKey, SigningCommand command) : ECDsa
{
    private const int CoordinateBytes = 32;

    public override int KeySize => publicKey.KeySize;

    /// <returns>r and s, 32 bytes each.</returns>
    /// <exception cref="SigningException">The command fails, or signs with another key.</exception>
    public override byte[] SignHash(byte[] hash)
    {
        byte[] output = command.Run(hash);
        byte[]?[] readings = [output.Length == 2 * CoordinateBytes ? output : null, FromDer(output)];
        return readings.FirstOrDefault(reading => reading is not null && publicKey.VerifyHash(hash, reading))
            ?? throw new SigningException("What the signing command printed is not a signature of the digest by the certificate's key.");
    }

    public override bool VerifyHash(byte[] hash, byte[] signature) => publicKey.VerifyHash(hash, signature);

    public override ECParameters ExportParameters(bool includePrivateParameters) => includePrivateParameters
        ? throw new SigningException("The key is where the signing command reaches it, and stays there.")
        : publicKey.ExportParameters(includePrivateParameters: false);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            publicKey.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[]? FromDer(byte[] der)
    {
        try
        {
            AsnReader reader = new(der, AsnEncodingRules.DER);
            AsnReader pair = reader.ReadSequence();
            BigInteger r = pair.ReadInteger();
            BigInteger s = pair.ReadInteger();
            pair.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            byte[] raw = new byte[2 * CoordinateBytes];
            return Write(r, raw.AsSpan(0, CoordinateBytes)) && Write(s, raw.AsSpan(CoordinateBytes)) ? raw : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool Write(BigInteger number, Span<byte> coordinate)
    {
        if (number.Sign < 0)
        {
            return false;
        }

        int leadingZeros = coordinate.Length - number.GetByteCount(isUnsigned: true);
        return leadingZeros >= 0 && number.TryWriteBytes(coordinate[leadingZeros..], out _, isUnsigned: true, isBigEndian: true);
    }
}
