using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>
/// A parsed metadata file that is not trusted: for tools that sign it, count its signatures or explain it. A node uses
/// <see cref="TrustedMetadata"/> only.
/// </summary>
public sealed class UntrustedMetadata
{
    private readonly SignedEnvelope _envelope;

    private UntrustedMetadata(string type, RoleMetadata metadata, SignedEnvelope envelope) =>
        (Type, Metadata, _envelope) = (type, metadata, envelope);

    /// <summary>The <c>_type</c>; a delegated role is of type targets.</summary>
    public string Type { get; }

    public RoleMetadata Metadata { get; }

    /// <summary>The canonical bytes that are signed.</summary>
    public ReadOnlyMemory<byte> SignedBytes => _envelope.SignedBytes;

    /// <summary>Ids under which the file carries signatures, whether they verify or not.</summary>
    public IReadOnlyCollection<string> SignerIds => [.. _envelope.Signatures.Keys];

    /// <summary>Hex of the signature under an id, whether it verifies or not; null when there is none.</summary>
    public string? SignatureUnder(string keyId) =>
        _envelope.Signatures.TryGetValue(keyId, out byte[]? signature) ? Convert.ToHexStringLower(signature) : null;

    /// <summary>Reads a file of any role.</summary>
    public static Result<UntrustedMetadata> Read(ReadOnlyMemory<byte> file)
    {
        string type;
        try
        {
            type = file.Length > TrustBounds.TargetsBytes
                ? throw new JsonException($"{file.Length} bytes are more than {TrustBounds.TargetsBytes}")
                : StrictJson.Parse(file).Member("signed").Text("_type");
        }
        catch (JsonException malformed)
        {
            return new Refusal(RefusalReason.MetadataMalformed, "metadata", JsonErrorText.Describe(malformed));
        }

        return type switch
        {
            RoleNames.Root => Read(file, type, MetadataReader.Root),
            RoleNames.Targets => Read(file, type, MetadataReader.Targets),
            RoleNames.Snapshot => Read(file, type, MetadataReader.Snapshot),
            RoleNames.Timestamp => Read(file, type, MetadataReader.Timestamp),
            _ => new Refusal(RefusalReason.MetadataWrongType, "metadata", $"'{type}' is no role"),
        };
    }

    /// <summary>Ids of the role's keys whose signatures verify, one for each distinct key however many ids it has.</summary>
    public IReadOnlyList<string> SignersOf(RoleKeys role, IReadOnlyDictionary<string, VerificationKey> keys) => role.Signers(_envelope, keys);

    /// <summary>Null when a threshold of the role's keys has signed.</summary>
    public Refusal? Check(RoleKeys role, IReadOnlyDictionary<string, VerificationKey> keys, string subject) =>
        role.Check(_envelope, keys, subject);

    private static Result<UntrustedMetadata> Read<T>(ReadOnlyMemory<byte> file, string type, Func<JsonElement, T> read)
        where T : RoleMetadata =>
        MetadataReader.Read(file, type, type, read, out SignedEnvelope envelope, out T metadata) is { } refusal
            ? refusal
            : new UntrustedMetadata(type, metadata, envelope);
}
