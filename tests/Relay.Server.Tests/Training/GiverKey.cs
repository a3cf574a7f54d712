using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Relay.Server.Tests.Training;

/// <summary>Somebody who gives models away, and signs them as <c>model_signing sign certificate</c> does.</summary>
internal sealed class GiverKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public GiverKey(DateTimeOffset? notAfter = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Certificate =
            new CertificateRequest("CN=Giver", _key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-2), notAfter ?? now.AddDays(2));
    }

    public X509Certificate2 Certificate { get; }

    public string CertificatePem => Certificate.ExportCertificatePem();

    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <param name="others">Files that are signed with it, before it.</param>
    /// <param name="alter">Changes the statement before it is signed.</param>
    public byte[] Sign(byte[] file, IReadOnlyList<byte[]>? others = null, Action<JsonObject>? alter = null, bool withCertificate = true)
    {
        byte[][] digests = [.. (others ?? []).Append(file).Select(SHA256.HashData)];
        JsonObject statement = new()
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject
            {
                ["name"] = "model",
                ["digest"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData([.. digests.SelectMany(d => d)])) },
            }),
            ["predicateType"] = "https://model_signing/signature/v1.0",
            ["predicate"] = new JsonObject
            {
                ["serialization"] = new JsonObject { ["method"] = "files", ["hash_type"] = "sha256" },
                ["resources"] = new JsonArray([.. digests.Select((digest, i) => new JsonObject
                {
                    ["name"] = $"file-{i}", ["algorithm"] = "sha256", ["digest"] = Convert.ToHexStringLower(digest),
                })]),
            },
        };
        alter?.Invoke(statement);
        byte[] payload = Encoding.UTF8.GetBytes(statement.ToJsonString());
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        JsonObject material = withCertificate
            ? new JsonObject
            {
                ["x509CertificateChain"] = new JsonObject
                {
                    ["certificates"] = new JsonArray(new JsonObject { ["rawBytes"] = Convert.ToBase64String(Certificate.RawData) }),
                },
            }
            : new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = "ab" } };
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = material,
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = "application/vnd.in-toto+json",
                ["signatures"] = new JsonArray(new JsonObject
                {
                    ["sig"] = Convert.ToBase64String(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
                    ["keyid"] = "",
                }),
            },
        }.ToJsonString());
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
