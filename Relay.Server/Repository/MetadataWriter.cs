using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>Writes signed metadata files of each role.</summary>
internal static class MetadataWriter
{
    private const string SpecVersion = "1.0.34";

    // The default encoder would escape every plus sign of a key; these files are never part of a page.
    private static readonly JsonSerializerOptions FileForm = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Root(long version, DateTimeOffset expires, RoleAssignments assignments)
    {
        JsonObject signed = Signed(RoleNames.Root, version, expires);
        string[] roles = [RoleNames.Root, RoleNames.Targets, RoleNames.Snapshot, RoleNames.Timestamp];
        signed["consistent_snapshot"] = true;
        signed["keys"] = Keys(roles.SelectMany(role => assignments[role].Keys));
        signed["roles"] = new JsonObject(roles.Select(role => KeyValuePair.Create<string, JsonNode?>(role, Role(assignments[role]))));
        return signed;
    }

    /// <summary>Targets that delegate <c>channels/*</c> to the online role.</summary>
    public static JsonObject Targets(long version, DateTimeOffset expires, IEnumerable<TargetFile> files, KeyGroup channels)
    {
        JsonObject signed = Signed(RoleNames.Targets, version, expires);
        signed["targets"] = Files(files);
        JsonObject role = Role(channels);
        role["name"] = RoleNames.Channels;
        role["terminating"] = true;
        role["paths"] = new JsonArray(TargetPaths.Channel("*"));
        signed["delegations"] = new JsonObject { ["keys"] = Keys(channels.Keys), ["roles"] = new JsonArray(role) };
        return signed;
    }

    public static JsonObject Channels(long version, DateTimeOffset expires, IEnumerable<TargetFile> files)
    {
        JsonObject signed = Signed(RoleNames.Targets, version, expires);
        signed["targets"] = Files(files);
        return signed;
    }

    public static JsonObject Snapshot(long version, DateTimeOffset expires, IEnumerable<(string Role, MetadataFile File)> roles)
    {
        JsonObject signed = Signed(RoleNames.Snapshot, version, expires);
        signed["meta"] = new JsonObject(roles.Select(role => KeyValuePair.Create($"{role.Role}.json", Reference(role.File))));
        return signed;
    }

    public static JsonObject Timestamp(long version, DateTimeOffset expires, MetadataFile snapshot)
    {
        JsonObject signed = Signed(RoleNames.Timestamp, version, expires);
        signed["meta"] = new JsonObject { ["snapshot.json"] = Reference(snapshot) };
        return signed;
    }

    /// <summary>The key as root and delegations list it.</summary>
    public static JsonObject Key(VerificationKey key) => new()
    {
        ["keytype"] = key.KeyType,
        ["scheme"] = key.Scheme,
        ["keyval"] = new JsonObject { ["public"] = key.PublicText },
    };

    /// <summary>Signs any role's JSON: the signature is over the canonical form, the file is ordinary JSON.</summary>
    public static byte[] Sign(JsonObject signed, IEnumerable<RoleSigner> signers)
    {
        byte[] canonical = CanonicalJson.Encode(JsonSerializer.SerializeToElement(signed));
        JsonArray signatures =
            [.. signers.Select(signer => new JsonObject { ["keyid"] = signer.KeyId, ["sig"] = signer.Sign(canonical) })];
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["signatures"] = signatures, ["signed"] = signed }, FileForm);
    }

    /// <summary>The file with one signature more; one that is there already under the same id is replaced.</summary>
    public static byte[] WithSignature(ReadOnlyMemory<byte> file, string keyId, string signature)
    {
        JsonObject envelope = JsonNode.Parse(file.Span)!.AsObject();
        JsonArray others = [.. envelope["signatures"]!.AsArray()
            .Where(present => (string?)present!["keyid"] != keyId).Select(present => present!.DeepClone())];
        others.Add(new JsonObject { ["keyid"] = keyId, ["sig"] = signature });
        envelope["signatures"] = others;
        return JsonSerializer.SerializeToUtf8Bytes(envelope, FileForm);
    }

    private static JsonObject Signed(string type, long version, DateTimeOffset expires) => new()
    {
        ["_type"] = type,
        ["spec_version"] = SpecVersion,
        ["version"] = version,
        ["expires"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    private static JsonObject Keys(IEnumerable<VerificationKey> keys) => new(keys
        .DistinctBy(key => key.Id)
        .Select(key => KeyValuePair.Create<string, JsonNode?>(key.Id, Key(key))));

    private static JsonObject Role(KeyGroup group) => new()
    {
        ["keyids"] = new JsonArray([.. group.Keys.Select(key => JsonValue.Create(key.Id))]),
        ["threshold"] = group.Threshold,
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
