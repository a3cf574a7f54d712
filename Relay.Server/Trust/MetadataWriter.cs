using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Trust;

namespace Relay.Server.Trust;

/// <summary>Writes signed metadata files of each role.</summary>
internal static class MetadataWriter
{
    private const string SpecVersion = "1.0.34";

    // The default encoder would escape every plus sign of a key; these files are never part of a page.
    private static readonly JsonSerializerOptions FileForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Root(long version, DateTimeOffset expires, SigningKeys keys)
    {
        JsonObject signed = Signed(RoleNames.Root, version, expires);
        signed["consistent_snapshot"] = true;
        signed["keys"] = Keys([.. keys.Root, keys.Targets, keys.Snapshot, keys.Timestamp]);
        signed["roles"] = new JsonObject
        {
            [RoleNames.Root] = Role(keys.Root, SigningKeys.RootThreshold),
            [RoleNames.Targets] = Role([keys.Targets], 1),
            [RoleNames.Snapshot] = Role([keys.Snapshot], 1),
            [RoleNames.Timestamp] = Role([keys.Timestamp], 1),
        };
        return Sign(signed, keys.Root.Take(SigningKeys.RootThreshold));
    }

    /// <summary>Targets that delegate <c>channels/*</c> to the online role.</summary>
    public static byte[] Targets(long version, DateTimeOffset expires, IEnumerable<TargetFile> files, SigningKeys keys)
    {
        JsonObject signed = Signed(RoleNames.Targets, version, expires);
        signed["targets"] = Files(files);
        JsonObject channels = Role([keys.Channels], 1);
        channels["name"] = RoleNames.Channels;
        channels["terminating"] = true;
        channels["paths"] = new JsonArray(TargetPaths.Channel("*"));
        signed["delegations"] = new JsonObject { ["keys"] = Keys([keys.Channels]), ["roles"] = new JsonArray(channels) };
        return Sign(signed, [keys.Targets]);
    }

    public static byte[] Channels(long version, DateTimeOffset expires, IEnumerable<TargetFile> files, SigningKeys keys)
    {
        JsonObject signed = Signed(RoleNames.Targets, version, expires);
        signed["targets"] = Files(files);
        return Sign(signed, [keys.Channels]);
    }

    public static byte[] Snapshot(
        long version, DateTimeOffset expires, IEnumerable<(string Role, MetadataFile File)> roles, SigningKeys keys)
    {
        JsonObject signed = Signed(RoleNames.Snapshot, version, expires);
        signed["meta"] = new JsonObject(roles.Select(role => KeyValuePair.Create($"{role.Role}.json", Reference(role.File))));
        return Sign(signed, [keys.Snapshot]);
    }

    public static byte[] Timestamp(long version, DateTimeOffset expires, MetadataFile snapshot, SigningKeys keys)
    {
        JsonObject signed = Signed(RoleNames.Timestamp, version, expires);
        signed["meta"] = new JsonObject { ["snapshot.json"] = Reference(snapshot) };
        return Sign(signed, [keys.Timestamp]);
    }

    /// <summary>Signs any role's JSON: the signature is over the canonical form, the file is ordinary JSON.</summary>
    public static byte[] Sign(JsonObject signed, IEnumerable<RoleSigner> signers)
    {
        byte[] canonical = CanonicalJson.Encode(JsonSerializer.SerializeToElement(signed));
        JsonArray signatures =
            [.. signers.Select(signer => new JsonObject { ["keyid"] = signer.KeyId, ["sig"] = signer.Sign(canonical) })];
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["signatures"] = signatures, ["signed"] = signed }, FileForm);
    }

    private static JsonObject Signed(string type, long version, DateTimeOffset expires) => new()
    {
        ["_type"] = type,
        ["spec_version"] = SpecVersion,
        ["version"] = version,
        ["expires"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static JsonObject Keys(IEnumerable<RoleSigner> signers) =>
        new(signers.Select(signer => KeyValuePair.Create<string, JsonNode?>(signer.KeyId, signer.PublicJson())));

    private static JsonObject Role(IEnumerable<RoleSigner> signers, int threshold) => new()
    {
        ["keyids"] = new JsonArray([.. signers.Select(signer => JsonValue.Create(signer.KeyId))]),
        ["threshold"] = threshold,
    };

    private static JsonObject Files(IEnumerable<TargetFile> files) => new(files
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .Select(file => KeyValuePair.Create<string, JsonNode?>(file.Path, File(file))));

    private static JsonObject File(TargetFile file)
    {
        JsonObject json = new() { ["length"] = file.Length, ["hashes"] = Hashes(file.Hashes) };
        if (file.Label is { } label)
        {
            json["custom"] = new JsonObject { ["model"] = label.Model, ["version"] = label.Version, ["release"] = label.Release };
        }

        return json;
    }

    private static JsonNode? Reference(MetadataFile file)
    {
        JsonObject json = new() { ["version"] = file.Version };
        if (file.Length is { } length)
        {
            json["length"] = length;
        }

        if (file.Hashes is { } hashes)
        {
            json["hashes"] = Hashes(hashes);
        }

        return json;
    }

    private static JsonObject Hashes(FileHashes hashes)
    {
        JsonObject json = [];
        if (hashes.Sha256 is { } sha256)
        {
            json["sha256"] = sha256;
        }

        if (hashes.Sha512 is { } sha512)
        {
            json["sha512"] = sha512;
        }

        return json;
    }
}
