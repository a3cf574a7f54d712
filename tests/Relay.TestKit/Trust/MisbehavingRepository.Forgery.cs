using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.TestKit.Trust;

/// <summary>Rewriting metadata with keys in hand.</summary>
public sealed partial class MisbehavingRepository
{
    /// <summary>The path of the metadata of a role that is served as current.</summary>
    public string MetadataPath(string role) => role switch
    {
        RoleNames.Timestamp => TimestampPath,
        RoleNames.Root => Versioned(RoleNames.Root, LatestRoot()),
        RoleNames.Snapshot => Versioned(role, Version(Signed(RoleNames.Timestamp)["meta"]!["snapshot.json"]!)),
        _ => Versioned(role, Version(Signed(RoleNames.Snapshot)["meta"]![$"{role}.json"]!)),
    };

    /// <summary>A copy of what the current metadata of a role signs.</summary>
    public JsonObject Signed(string role) => SignedPart(Existing(MetadataPath(role)));

    /// <summary>
    /// Serves altered metadata of a role, signed by these keys, and makes the roles above it, rightly signed, list it: so that
    /// only the alteration can be what is refused.
    /// </summary>
    /// <param name="signers">Names as in <see cref="StolenKeys"/>; none leaves it unsigned.</param>
    public void Forge(string role, Action<JsonObject> change, params string[] signers)
    {
        JsonObject signed = Signed(role);
        change(signed);
        Put(role, signed, Keys.Sign(signed, signers));
    }

    /// <summary>Serves a target that the role lists, signed by these keys.</summary>
    public void ForgeTarget(string role, string path, byte[] content, params string[] signers)
    {
        string sha256 = FileHashes.Compute(content).Sha256!;
        Replace($"targets/{Shared.Contracts.Tuf.TargetPath.Parse(path).WithHash(sha256)}", content);
        Forge(
            role,
            signed =>
            {
                signed["version"] = Version(signed) + 1;
                signed["targets"]![path] = new JsonObject
                {
                    ["length"] = content.Length,
                    ["hashes"] = JsonSerializer.SerializeToNode(new { sha256 }),
                };
            },
            signers);
    }

    /// <summary>Serves these very bytes as a role's metadata, listed by the roles above it under a version.</summary>
    public void ForgeFile(string role, long version, byte[] file)
    {
        Replace(role == RoleNames.Timestamp ? TimestampPath : Versioned(role, version), file);
        if (role != RoleNames.Timestamp)
        {
            List(role == RoleNames.Snapshot ? RoleNames.Timestamp : RoleNames.Snapshot, role, version, file);
        }
    }

    /// <summary>Serves one root version more.</summary>
    public void AddRoot(Action<JsonObject> change, params string[] signers)
    {
        long next = LatestRoot() + 1;
        JsonObject signed = Signed(RoleNames.Root);
        signed["version"] = next;
        change(signed);
        Replace(Versioned(RoleNames.Root, next), Keys.Sign(signed, signers));
    }

    /// <summary>Root lists one more key for the role; with <paramref name="only"/> instead of those it had.</summary>
    public void Grant(JsonObject root, string role, string key, bool only)
    {
        root["keys"]![Keys.Id(key)] = Keys.Public(key);
        JsonArray ids = only ? [] : root["roles"]![role]!["keyids"]!.DeepClone().AsArray();
        ids.Add(Keys.Id(key));
        root["roles"]![role]!["keyids"] = ids;
    }

    private void Put(string role, JsonObject signed, byte[] file) => ForgeFile(role, Version(signed), file);

    private void List(string lister, string role, long version, byte[] file) => Forge(
        lister,
        signed =>
        {
            signed["version"] = Version(signed) + 1;
            signed["meta"]![$"{role}.json"] = new JsonObject
            {
                ["version"] = version,
                ["length"] = file.Length,
                ["hashes"] = JsonSerializer.SerializeToNode(new { sha256 = FileHashes.Compute(file).Sha256 }),
            };
        },
        lister);

    private long LatestRoot()
    {
        long version = 1;
        while (Serve(Versioned(RoleNames.Root, version + 1)) is not null)
        {
            version++;
        }

        return version;
    }

    private static string Versioned(string role, long version) => $"metadata/{MetadataPaths.Versioned(role, version)}";

    // A number that a test put there is an int in a box, one from a file is JSON: both print alike.
    private static long Version(JsonNode owner) => long.Parse(owner["version"]!.ToJsonString(), CultureInfo.InvariantCulture);
}
