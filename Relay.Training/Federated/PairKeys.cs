using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Keys;

namespace Relay.Training.Federated;

/// <summary>The keys that this owner shares with each other owner, by ECDH on keys of this round alone. They depend on all greetings of the round,
/// so that no two rounds have the same.</summary>
internal sealed class PairKeys : IDisposable
{
    private const int KeyBytes = 32;
    private readonly ECDiffieHellman _own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKey => _own.ExportSubjectPublicKeyInfo();

    /// <param name="rank">Of this owner.</param>
    /// <param name="other">Of the other owner.</param>
    /// <param name="publicKey">The other owner's key of this round.</param>
    /// <param name="transcript">The hash of all greetings.</param>
    /// <param name="use">What the key is for.</param>
    /// <exception cref="RoundException">It is no key on the curve.</exception>
    public byte[] Derive(int rank, int other, byte[] publicKey, byte[] transcript, string use)
    {
        try
        {
            using ECDiffieHellman theirs = ECDiffieHellman.Create();
            if (CanonicalPublicKey.Read(publicKey, out string error)?.Curve is not CanonicalPublicKey.P256)
            {
                throw new CryptographicException(error);
            }

            theirs.ImportSubjectPublicKeyInfo(publicKey, out _);
            using ECDiffieHellmanPublicKey point = theirs.PublicKey;
            byte[] secret = _own.DeriveRawSecretAgreement(point);
            byte[] info = [.. Encoding.ASCII.GetBytes($"relay federated {use}"), 0, (byte)Math.Min(rank, other), (byte)Math.Max(rank, other)];
            byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, transcript, info);
            CryptographicOperations.ZeroMemory(secret);
            return key;
        }
        catch (CryptographicException e)
        {
            throw new RoundException(RoundFault.MalformedMessage, $"The greeting of owner {other + 1} has no key on the curve P-256", e);
        }
    }

    public void Dispose() => _own.Dispose();

    /// <summary>The nonce of a step: a key never sees one twice.</summary>
    public static void WriteNonce(Span<byte> nonce, long step)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, step);
    }
}
