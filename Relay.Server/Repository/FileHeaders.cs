using System.Net.Mime;

namespace Relay.Server.Repository;

/// <summary>What nodes and caches are told of a file of the repository, by the relay and by copies that it keeps.</summary>
internal static class FileHeaders
{
    /// <summary>Of the one file that changes: a cache asks each time whether it has.</summary>
    public const string TimestampCacheControl = "no-cache";

    /// <param name="isOpen">Anyone may read. A cache on the way does not know who may: without that it keeps nothing.</param>
    public static string ImmutableCacheControl(bool isOpen) =>
        isOpen ? "public, max-age=31536000, immutable" : "private, max-age=31536000, immutable";

    public static string ContentType(string path) =>
        path.EndsWith(".json", StringComparison.Ordinal) ? MediaTypeNames.Application.Json : MediaTypeNames.Application.Octet;
}
