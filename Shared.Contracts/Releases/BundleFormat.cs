using Shared.Contracts.Tuf;

namespace Shared.Contracts.Releases;

/// <summary>
/// The format of a bundle: the release of a channel in one file, for nodes without network. A bundle is an uncompressed tar archive of
/// POSIX.1-1988 (ustar) with regular files only. Metadata have the names of a relay's static files: all roots,
/// <c>metadata/timestamp.json</c> and the metadata that it leads to. Targets are those of the channel's release, named by their hash,
/// because ustar limits names. A bundle has no signature of its own: a node checks its files as if a relay had served them.
/// </summary>
/// <remarks>
/// Deterministic: files sorted by name in ordinal order, mode 0644, owner and group 0 without names, time 0, two closing blocks of
/// zeros and nothing after. A reader refuses any other kind of entry, a name that is not plain, and a repeated name.
/// </remarks>
public static class BundleFormat
{
    public const string MetadataPrefix = "metadata/";
    public const string TargetsPrefix = "targets/";

    /// <summary>The name of a target.</summary>
    /// <param name="hash">Lower-case hex of the hash that precedes its file name on a relay.</param>
    public static string TargetName(string hash) => TargetsPrefix + hash;

    /// <summary>Bytes of a tar block: a header has one, and contents are padded to whole blocks.</summary>
    public const int BlockBytes = 512;

    /// <summary>Maximum number of files.</summary>
    public const int Entries = 4096;

    /// <summary>Maximum bytes of a name: ustar has 100, and 155 more for the folders.</summary>
    public const int NameBytes = 255;

    /// <summary>True for the name of a file that a bundle may hold.</summary>
    public static bool IsEntryName(string name) =>
        (name.StartsWith(MetadataPrefix, StringComparison.Ordinal) || name.StartsWith(TargetsPrefix, StringComparison.Ordinal))
        && name.Length <= NameBytes && TargetPath.IsPlain(name.Replace('%', '_'));
}
