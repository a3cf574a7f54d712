using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>A private key that signs metadata. A key that lives in an HSM is an <see cref="ECDsa"/> that overrides <c>SignHash</c>.</summary>
internal sealed class RoleSigner : IDisposable
{
    private readonly ECDsa _key;

    public RoleSigner(ECDsa key)
    {
        _key = key;
        PublicPem = key.ExportSubjectPublicKeyInfoPem();
        KeyId = VerificationKey.ComputeId(JsonSerializer.SerializeToElement(PublicJson()));
    }

    public string KeyId { get; }

    public string PublicPem { get; }

    /// <summary>The key as root and delegations list it.</summary>
    public JsonObject PublicJson() => new()
    {
        ["keytype"] = VerificationKey.EcdsaType,
        ["scheme"] = VerificationKey.EcdsaScheme,
        ["keyval"] = new JsonObject { ["public"] = PublicPem },
    };

    /// <summary>Hex of the signature in DER.</summary>
    public string Sign(ReadOnlySpan<byte> canonical) => Convert.ToHexStringLower(
        _key.SignData(canonical, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();
}
