using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Shared.Contracts.Keys;

/// <summary>ECDSA keys that the platform has imported, each for one thread at a time. To import one takes three times as long as to verify
/// a signature, and a process verifies with few: those of its repository.</summary>
internal static class ImportedKeys
{
    private const int Capacity = 64;

    private static readonly ConcurrentDictionary<string, ECDsa> Free = new(StringComparer.Ordinal);

    /// <exception cref="CryptographicException">It is no key: its point is not on its curve.</exception>
    /// <exception cref="PlatformNotSupportedException">The system lacks the curve.</exception>
    public static void Require(CanonicalPublicKey key) => Return(key, Take(key));

    /// <summary>True when the signature, in DER, is the key's over the SHA-256 of the bytes.</summary>
    /// <exception cref="CryptographicException">It is no key: its point is not on its curve.</exception>
    /// <exception cref="PlatformNotSupportedException">The system lacks the curve.</exception>
    public static bool Verifies(CanonicalPublicKey key, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        ECDsa imported = Take(key);
        bool isValid = imported.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Return(key, imported);
        return isValid;
    }

    private static ECDsa Take(CanonicalPublicKey key) => Free.TryRemove(key.Identity, out ECDsa? imported) ? imported : Import(key);

    private static void Return(CanonicalPublicKey key, ECDsa imported)
    {
        if (!Free.TryAdd(key.Identity, imported))
        {
            imported.Dispose();
            return;
        }

        // Any other makes room: keys that a rotation replaced would stay until the process ends, and those in use would not be kept.
        if (Free.Count > Capacity && Free.FirstOrDefault(held => held.Key != key.Identity) is { Key: { } other }
            && Free.TryRemove(other, out ECDsa? removed))
        {
            removed.Dispose();
        }
    }

    private static ECDsa Import(CanonicalPublicKey key)
    {
        ECDsa imported = ECDsa.Create();
        try
        {
            imported.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo, out _);
            return imported;
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }
}
