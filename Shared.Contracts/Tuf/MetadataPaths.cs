using System.Globalization;

namespace Shared.Contracts.Tuf;

/// <summary>File names of metadata under <c>metadata/</c> on a relay, a mirror or a disk.</summary>
public static class MetadataPaths
{
    public const string Timestamp = "timestamp.json";

    /// <summary>Characters of a file name that every file system takes, with room for the ending of a temporary file.</summary>
    internal const int MaximumFileName = 200;

    /// <summary><c>5.targets.json</c>; a role name may hold any character, so all but letters, digits and <c>-._~</c> are escaped.</summary>
    public static string Versioned(string role, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}.{Uri.EscapeDataString(role)}.json");

    /// <summary><c>targets.json</c>: the name of a role in the store of a node, and without consistent snapshots.</summary>
    public static string Unversioned(string role) => $"{Uri.EscapeDataString(role)}.json";

    /// <summary>The name of a role inside snapshot and timestamp, where nothing is escaped.</summary>
    internal static string Listed(string role) => $"{role}.json";
}

/// <summary>The metadata file to fetch next, and its maximum length.</summary>
public sealed record MetadataDownload(string Role, string FileName, long MaximumBytes);
