namespace Shared.Contracts.Tuf;

/// <summary>The members that every role has: its version, and when it expires.</summary>
public abstract record RoleMetadata(long Version, DateTimeOffset Expires);

/// <summary>Keys and thresholds of the four roles (TUF 4.3).</summary>
public sealed record RootMetadata(
    long Version, DateTimeOffset Expires, bool ConsistentSnapshot,
    IReadOnlyDictionary<string, VerificationKey> Keys, IReadOnlyDictionary<string, RoleKeys> Roles)
    : RoleMetadata(Version, Expires);

/// <summary>The current snapshot (TUF 4.6).</summary>
public sealed record TimestampMetadata(long Version, DateTimeOffset Expires, MetadataFile Snapshot) : RoleMetadata(Version, Expires);

/// <summary>The versions of all targets roles that belong together (TUF 4.4).</summary>
/// <param name="Files">By listed name, such as <c>targets.json</c>.</param>
public sealed record SnapshotMetadata(long Version, DateTimeOffset Expires, IReadOnlyDictionary<string, MetadataFile> Files)
    : RoleMetadata(Version, Expires);

/// <summary>Files by path, and the roles to which more paths are delegated (TUF 4.5).</summary>
public sealed record TargetsMetadata(
    long Version, DateTimeOffset Expires, IReadOnlyDictionary<string, TargetFile> Files, Delegations? Delegations)
    : RoleMetadata(Version, Expires);

/// <summary>A metadata file as another one lists it.</summary>
/// <param name="Length">Bytes, where listed.</param>
public sealed record MetadataFile(long Version, long? Length, FileHashes? Hashes)
{
    internal Refusal? Check(ReadOnlySpan<byte> file, string subject) =>
        (Length is { } length && file.Length != length) || (Hashes is { } hashes && !hashes.Match(file))
            ? new(RefusalReason.MetadataHashMismatch, subject, "the file is not the one that its parent lists")
            : null;
}

/// <summary>Roles to which a targets role delegates, in order of priority, and their keys.</summary>
public sealed record Delegations(IReadOnlyDictionary<string, VerificationKey> Keys, IReadOnlyList<DelegatedRole> Roles);

/// <summary>A delegated role, trusted for the paths that match.</summary>
/// <param name="Terminating">A path that matches is not searched in any later role.</param>
/// <param name="Paths">Patterns; null when hash prefixes are given.</param>
/// <param name="PathHashPrefixes">Prefixes of the hex SHA-256 of a path; null when patterns are given.</param>
public sealed record DelegatedRole(
    string Name, RoleKeys Keys, bool Terminating, IReadOnlyList<string>? Paths, IReadOnlyList<string>? PathHashPrefixes)
{
    public bool Covers(string path) => Paths is not null
        ? Paths.Any(pattern => PathPattern.Matches(pattern, path))
        : PathHashPrefixes is not null && PathPattern.ComputeHash(path) is var hash
            && PathHashPrefixes.Any(prefix => hash.StartsWith(prefix, StringComparison.Ordinal));
}
