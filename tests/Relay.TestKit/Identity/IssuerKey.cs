using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Relay.TestKit.Identity;

/// <summary>A key with which <see cref="TestIssuer"/> signs.</summary>
/// <param name="Algorithm">As the header of a token names it: RS256 or ES256.</param>
public sealed record IssuerKey(string Id, AsymmetricAlgorithm Key, string Algorithm) : IDisposable
{
    private const int RsaBits = 2048;

    public static IssuerKey CreateRsa(string id) => new(id, RSA.Create(RsaBits), "RS256");

    public static IssuerKey CreateEc(string id) => new(id, ECDsa.Create(ECCurve.NamedCurves.nistP256), "ES256");

    public byte[] Sign(byte[] data) => Key switch
    {
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ECDsa ec => ec.SignData(data, HashAlgorithmName.SHA256),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The public half as a JSON Web Key.</summary>
    public JsonObject ToJwk()
    {
        JsonObject jwk = new() { ["kid"] = Id, ["use"] = "sig", ["alg"] = Algorithm };
        if (Key is RSA rsa)
        {
            RSAParameters parameters = rsa.ExportParameters(false);
            (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Base64Url.EncodeToString(parameters.Modulus), Base64Url.EncodeToString(parameters.Exponent));
        }
        else
        {
            ECParameters parameters = ((ECDsa)Key).ExportParameters(false);
            (jwk["kty"], jwk["crv"]) = ("EC", "P-256");
            (jwk["x"], jwk["y"]) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
        }

        return jwk;
    }

    public void Dispose() => Key.Dispose();
}
