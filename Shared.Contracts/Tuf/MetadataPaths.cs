using System.Globalization;

namespace Shared.Contracts.Tuf;

/// <summary>File names of metadata, as they stand under <c>metadata/</c> on a relay, mirror or disk.</summary>
public static class MetadataPaths
{
    public const string Timestamp = "timestamp.json";

    /// <summary><c>5.targets.json</c>; a role name may hold any character, so all but letters, digits and <c>-._~</c> are escaped.</summary>
    public static string Versioned(string role, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}.{Uri.EscapeDataString(role)}.json");

    /// <summary><c>targets.json</c>: the name that a node stores a role under, and that it has without consistent snapshots.</summary>
    public static string Unversioned(string role) => $"{Uri.EscapeDataString(role)}.json";

    /// <summary>The name of a role inside snapshot and timestamp, where nothing is escaped.</summary>
    internal static string Listed(string role) => $"{role}.json";
}

/// <summary>One metadata file to fetch next, and the most bytes that it may have.</summary>
public sealed record MetadataDownload(string Role, string FileName, long MaximumBytes);
