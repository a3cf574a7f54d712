using Shared.Contracts.Tuf;

namespace Shared.Contracts.Releases;

/// <summary>
/// A bundle: a channel's release in one file, for nodes without network. It is a tar archive of POSIX.1-1988 (ustar), not compressed,
/// that holds regular files only. Metadata are named as a relay's static files are: all roots, <c>metadata/timestamp.json</c> and what it
/// leads to. Targets are those that the channel's release needs, named by their hash, because a name in ustar is short and a target's
/// may be long. It has no signature of its own: everything in it is checked as if a relay had served it.
/// </summary>
/// <remarks>
/// Deterministic: files sorted by name in ordinal order, mode 0644, owner and group 0 without names, time 0, two closing blocks of
/// zeros and nothing after. A reader refuses any other kind of entry, a name that is not plain, and a name that comes twice.
/// </remarks>
public static class BundleFormat
{
    public const string MetadataPrefix = "metadata/";
    public const string TargetsPrefix = "targets/";

    /// <summary>The name of a target.</summary>
    /// <param name="hash">Lower-case hex of the hash that stands before its file name on a relay.</param>
    public static string TargetName(string hash) => TargetsPrefix + hash;

    /// <summary>The tar block: headers are one long, contents are padded to whole ones.</summary>
    public const int BlockBytes = 512;

    /// <summary>Files that a bundle may hold.</summary>
    public const int Entries = 4096;

    /// <summary>Bytes of a name: ustar has 100, and 155 more for the folders.</summary>
    public const int NameBytes = 255;

    /// <summary>True for the name of a file that a bundle may hold.</summary>
    public static bool IsName(string name) =>
        (name.StartsWith(MetadataPrefix, StringComparison.Ordinal) || name.StartsWith(TargetsPrefix, StringComparison.Ordinal))
        && name.Length <= NameBytes && TargetFile.IsSafePath(name.Replace('%', '_'));
}
