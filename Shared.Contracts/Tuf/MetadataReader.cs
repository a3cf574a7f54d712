using System.Globalization;
using System.Text.Json;
using Shared.Contracts.Json;

namespace Shared.Contracts.Tuf;

/// <summary>Reads signed JSON into the record of a role. Unknown members are ignored (TUF 4.1).</summary>
internal static class MetadataReader
{
    /// <summary>Reads a file of the role, whose signatures are not verified yet. Null when it is one.</summary>
    public static Refusal? Read<T>(
        ReadOnlyMemory<byte> file, string role, string type, Func<JsonElement, T> read, out SignedEnvelope envelope, out T metadata)
        where T : RoleMetadata
    {
        envelope = null!;
        metadata = null!;
        int limit = TrustBounds.ForRole(type);
        if (file.Length > limit)
        {
            return new(RefusalReason.MetadataTooLarge, role, $"{file.Length} bytes are more than {limit}");
        }

        try
        {
            envelope = SignedEnvelope.Parse(file);
            string found = envelope.Signed.Text("_type");
            if (found != type)
            {
                return new(RefusalReason.MetadataWrongType, role, $"the file is of type '{found}'");
            }

            metadata = read(envelope.Signed);
            return null;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException)
        {
            return new(RefusalReason.MetadataMalformed, role, malformed is JsonException json ? JsonErrorText.Describe(json) : malformed.Message);
        }
    }

    public static RootMetadata Root(JsonElement signed)
    {
        Dictionary<string, RoleKeys> roles = new(StringComparer.Ordinal);
        foreach (string name in (string[])[RoleNames.Root, RoleNames.Timestamp, RoleNames.Snapshot, RoleNames.Targets])
        {
            roles.Add(name, RoleKeys.Read(signed.Member("roles").Member(name)));
        }

        return new(Version(signed), Expires(signed), signed.Optional("consistent_snapshot")?.Flag() ?? false, Keys(signed), roles);
    }

    public static TimestampMetadata Timestamp(JsonElement signed) => new(
        Version(signed), Expires(signed), File(signed.Member("meta").Member(MetadataPaths.Listed(RoleNames.Snapshot))));

    public static SnapshotMetadata Snapshot(JsonElement signed) => new(
        Version(signed), Expires(signed),
        signed.Member("meta").Members().ToDictionary(member => member.Name, member => File(member.Value), StringComparer.Ordinal));

    public static TargetsMetadata Targets(JsonElement signed) => new(
        Version(signed), Expires(signed),
        signed.Member("targets").Members().ToDictionary(
            member => member.Name, member => TargetFile.Read(member.Name, member.Value), StringComparer.Ordinal),
        signed.Optional("delegations") is { } delegations ? Delegations(delegations) : null);

    private static Delegations Delegations(JsonElement delegations)
    {
        DelegatedRole[] roles = [.. delegations.Member("roles").Items().Select(Delegated)];
        return roles.DistinctBy(role => role.Name, StringComparer.Ordinal).Count() == roles.Length
            ? new(Keys(delegations), roles)
            : throw new JsonException("a role is delegated to twice");
    }

    private static DelegatedRole Delegated(JsonElement role)
    {
        string name = role.Text("name");
        bool byPattern = role.Optional("paths") is not null;
        bool byHash = role.Optional("path_hash_prefixes") is not null;
        if (RoleNames.FindDelegatedError(name) is { } error)
        {
            throw new JsonException(error);
        }

        if (byPattern == byHash)
        {
            throw new JsonException("a delegation has either paths or path_hash_prefixes");
        }

        return new(name, RoleKeys.Read(role), role.Member("terminating").Flag(),
            byPattern ? Plain(role.Texts("paths")) : null, byHash ? Plain(role.Texts("path_hash_prefixes")) : null);
    }

    private static string[] Plain(string[] texts) => texts.All(DisplayText.IsPlain)
        ? texts
        : throw new JsonException("a delegation has a path with invisible characters");

    private static Dictionary<string, VerificationKey> Keys(JsonElement owner) => owner.Member("keys").Members().ToDictionary(
        member => member.Name, member => VerificationKey.Read(member.Name, member.Value), StringComparer.Ordinal);

    private static MetadataFile File(JsonElement file) => new(
        file.Integer("version", 1),
        file.Optional("length") is null ? null : file.Integer("length", 0),
        file.Optional("hashes") is { } hashes ? FileHashes.Read(hashes) : null);

    // Every role reads it first: in another major version all other members may have another meaning.
    private static long Version(JsonElement signed) => signed.Text("spec_version").StartsWith("1.", StringComparison.Ordinal)
        ? signed.Integer("version", 1)
        : throw new JsonException("the file is of another major version of TUF");

    private static DateTimeOffset Expires(JsonElement signed) => DateTimeOffset.ParseExact(
        signed.Text("expires"), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
