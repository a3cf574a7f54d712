using System.Security.Cryptography;
using System.Text;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;

namespace Sync.Client.Tests.Identity;

public sealed class NodeKeyTests
{
    [Fact]
    public void FromPem_WhatToPemWrote_IsTheSameKey()
    {
        using NodeKey key = NodeKey.Create();

        using NodeKey? read = NodeKey.FromPem(key.ToPem());

        Assert.Equal(key.PublicKey, read?.PublicKey);
        Assert.Equal(key.Fingerprint, read?.Fingerprint);
    }

    [Fact]
    public void Sign_Request_VerifiesWithThePublicHalfAndNoOther()
    {
        using NodeKey key = NodeKey.Create();
        CoveredComponents components = CoveredComponents.Create("GET", "/v1/x?y", null).Value!;

        RequestSignature signature = key.Sign(components, "node-1", DateTimeOffset.UnixEpoch);

        using ECDsa known = ECDsa.Create();
        known.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(signature.IsValidFor(components, known));
        Assert.False(signature.IsValidFor(components, other));
    }

    public static TheoryData<string, Func<byte[]>> NoKeys => new()
    {
        { "empty", () => [] },
        { "zeros", () => new byte[400] },
        { "text", () => Encoding.ASCII.GetBytes("no key") },
        { "P-384", () => Ec(ECCurve.NamedCurves.nistP384) },
        { "another curve of 256 bits", () => Ec(ECCurve.NamedCurves.brainpoolP256r1) },
        { "RSA", () => Rsa() },
        { "public half", () => Pem(key => key.ExportSubjectPublicKeyInfoPem()) },
        { "form of SEC 1", () => Pem(key => key.ExportECPrivateKeyPem()) },
        { "with a password", () => Pem(
            key => key.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1))) },
        { "half", () => Pem(key => key.ExportPkcs8PrivateKeyPem()[..100]) },
        { "one letter altered", () => Pem(key => key.ExportPkcs8PrivateKeyPem().Replace("MI", "MA", StringComparison.Ordinal)) },
    };

    [Theory]
    [MemberData(nameof(NoKeys), DisableDiscoveryEnumeration = true)]
    public void FromPem_AnythingElse_IsNoKey(string which, Func<byte[]> create)
    {
        using NodeKey? key = NodeKey.FromPem(create());

        Assert.True(key is null, which);
    }

    private static byte[] Pem(Func<ECDsa, string> export)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(export(key));
    }

    private static byte[] Ec(ECCurve curve)
    {
        using ECDsa key = ECDsa.Create(curve);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }

    private static byte[] Rsa()
    {
        using RSA key = RSA.Create(2048);
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }
}
