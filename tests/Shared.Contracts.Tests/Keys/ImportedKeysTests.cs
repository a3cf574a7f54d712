using System.Security.Cryptography;
using Shared.Contracts.Keys;

namespace Shared.Contracts.Tests.Keys;

public sealed class ImportedKeysTests
{
    private static readonly byte[] Signed = [1, 2, 3];

    [Fact]
    public void Verifies_ManyThreadsAndMoreKeysThanAreHeld_IsTrueForTheKeysOwnSignature()
    {
        (CanonicalPublicKey Key, byte[] Signature)[] pairs = [.. Enumerable.Range(0, 100).Select(_ => Sign())];

        Parallel.For(0, 400, i =>
        {
            (CanonicalPublicKey key, byte[] signature) = pairs[i % pairs.Length];
            Assert.True(ImportedKeys.Verifies(key, Signed, signature));
            Assert.False(ImportedKeys.Verifies(key, [1, 2, 4], signature));
            Assert.False(ImportedKeys.Verifies(key, Signed, pairs[(i + 1) % pairs.Length].Signature));
        });
    }

    /// <summary>Another test may use the room that there is, at any of these moments, but not at all of them.</summary>
    [Fact]
    public void Verifies_AfterMoreKeysThanAreHeld_ImportsANewKeyOnce()
    {
        for (int i = 0; i < 100; i++)
        {
            (CanonicalPublicKey other, byte[] signature) = Sign();
            ImportedKeys.Verifies(other, Signed, signature);
        }

        (CanonicalPublicKey key, byte[] signed) = Sign();
        long first = Measure();

        Assert.Contains(Enumerable.Range(0, 20), _ => Measure() < first);

        long Measure()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ImportedKeys.Verifies(key, Signed, signed);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Verifies_PointThatIsNotOnTheCurve_ThrowsEachTime()
    {
        byte[] der = [.. Sign().Key.SubjectPublicKeyInfo];
        der[^1] ^= 1;
        CanonicalPublicKey key = CanonicalPublicKey.Read(der, out _)!;

        Assert.ThrowsAny<CryptographicException>(() => ImportedKeys.Verifies(key, Signed, []));
        Assert.ThrowsAny<CryptographicException>(() => ImportedKeys.Require(key));
    }

    private static (CanonicalPublicKey Key, byte[] Signature) Sign()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (
            CanonicalPublicKey.Read(key.ExportSubjectPublicKeyInfo(), out _)!,
            key.SignData(Signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
