using System.Globalization;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository.Archive;

/// <summary>The timestamps that were current once, by version: <c>timestamps/17.json</c> beside <c>metadata/</c>. Each leads to all that a node
/// believed that held it.</summary>
/// <param name="repository">The folder of the repository.</param>
internal sealed class TimestampArchive(string repository)
{
    private const string FolderName = "timestamps";
    private const string Suffix = ".json";

    public static string PathOf(string repository, long version) => Path.Combine(repository, FolderName, NameOf(version));

    /// <summary>The bytes of a timestamp; null where it is not kept.</summary>
    public byte[]? Read(long version)
    {
        FileInfo file = new(PathOf(repository, version));
        return version > 0 && file.Exists && file.Length <= TrustBounds.TimestampBytes ? File.ReadAllBytes(file.FullName) : null;
    }

    /// <summary>The versions that are kept, in order.</summary>
    public IReadOnlyList<long> Versions()
    {
        string folder = Path.Combine(repository, FolderName);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Suffix).Select(path => VersionOf(Path.GetFileName(path))).OfType<long>().Order()]
            : [];
    }

    /// <summary>The timestamp that was current at an instant; null where none of that time is kept. It reads as many files as the
    /// newest version has binary digits.</summary>
    /// <param name="newest">The current version.</param>
    public long? FindAt(DateTimeOffset at, long newest)
    {
        // What is not kept any more is older than what is.
        (long low, long high) = (0, newest);
        while (low < high)
        {
            long middle = low + ((high - low + 1) / 2);
            (low, high) = SignedAt(middle) > at ? (low, middle - 1) : (middle, high);
        }

        return SignedAt(low) is { } found && found <= at ? low : null;
    }

    /// <summary>When a timestamp was signed; null where it is not kept, or cannot be read.</summary>
    public DateTimeOffset? SignedAt(long version) => SigningClock.ReadNewestSignature(Read(version));

    public void Delete(long version, DurableFiles files) => files.Delete(PathOf(repository, version));

    private static string NameOf(long version) => string.Create(CultureInfo.InvariantCulture, $"{version}{Suffix}");

    private static long? VersionOf(string name) =>
        long.TryParse(name.AsSpan(0, name.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
        && NameOf(version) == name
            ? version
            : null;
}
