using System.Globalization;
using Relay.Server.Repository;
using Relay.Server.Repository.Archive;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts.Tuf;

namespace Relay.Server.History.Trust;

/// <summary>The repository of a relay with its archived timestamps under <see cref="TimestampPath"/>, as evidence has them.</summary>
internal sealed class PastFileSource(string repository) : IStaticFileSource
{
    private const string Prefix = $"{RepositoryFiles.MetadataFolder}/";
    private static readonly string Suffix = $".{MetadataPaths.Timestamp}";
    private readonly FolderFileSource _files = new(repository);
    private readonly TimestampArchive _archive = new(repository);

    /// <summary>The name of a timestamp among others: the one of a repository has no version in its name.</summary>
    public static string TimestampPath(long version) => Prefix + MetadataPaths.Versioned(RoleNames.Timestamp, version);

    public async Task<bool> CopyAsync(
        string path, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || !path.EndsWith(Suffix, StringComparison.Ordinal)
            || !long.TryParse(path.AsSpan()[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long version))
        {
            return await _files.CopyAsync(path, limit, take, cancellationToken);
        }

        if (_archive.Read(version) is not { } timestamp)
        {
            return false;
        }

        await take(timestamp, cancellationToken);
        return true;
    }
}
