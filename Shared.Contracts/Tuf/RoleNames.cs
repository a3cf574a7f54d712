namespace Shared.Contracts.Tuf;

/// <summary>The four roles of TUF and the one that our targets role delegates to.</summary>
public static class RoleNames
{
    public const string Root = "root";
    public const string Timestamp = "timestamp";
    public const string Snapshot = "snapshot";
    public const string Targets = "targets";

    /// <summary>The online role that chooses among approved releases.</summary>
    public const string Channels = "channels";

    /// <summary>What makes a name unusable for a delegated role; null when nothing does. It may hold any character that people can see:
    /// wherever it names a file, it is escaped (<see cref="MetadataPaths"/>).</summary>
    internal static string? FindDelegatedError(string name) =>
        name.Length == 0 || !DisplayText.IsPlain(name) ? "a delegated role has no name, or one with invisible characters"
        : IsTopLevel(name) ? "a top-level role cannot be delegated to"
        : MetadataPaths.Versioned(name, long.MaxValue).Length > MetadataPaths.MaximumFileName
            ? "the name of a delegated role is too long for a file name"
        : null;

    // In any case, because some file systems ignore it, and a node keeps each role in a file of its name.
    private static bool IsTopLevel(string name) =>
        ((string[])[Root, Timestamp, Snapshot, Targets]).Contains(name, StringComparer.OrdinalIgnoreCase);
}
