using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Workers;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Events;

/// <summary>Reads <c>timestamp.json</c> after each change of this process, and every second for those of others, such as <c>relay approve</c>
/// on the relay's machine.</summary>
internal sealed partial class TimestampWatcher(
    EventStreams streams, TufRepository repository, RepositoryCache cache, IntactFiles intact, DataFolder folder, TimeProvider timeProvider,
    ILogger<TimestampWatcher> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(folder.Repository, "metadata", MetadataPaths.Timestamp);
    private byte[] _seen = [];
    private RepositorySnapshot? _before;
    private bool _isUnreadable;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RepositoryWatch.RunAsync(repository.Committer, ReadTimestamp, Interval, timeProvider, stoppingToken);

    private void ReadTimestamp()
    {
        try
        {
            byte[] file = File.ReadAllBytes(_path);
            if (!file.AsSpan().SequenceEqual(_seen))
            {
                if (UntrustedMetadata.Read(file).ValueOrThrow().Metadata is TimestampMetadata timestamp)
                {
                    streams.Publish(PublishedTimestamp.Follow(
                        streams.Current, timestamp.Version, timestamp.Snapshot.Version, FindChange(timestamp.Version, file)));
                }

                _seen = file;
            }

            _isUnreadable = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // Health says what is wrong with the disk; nodes poll, and the next second tries again.
            if (!_isUnreadable)
            {
                _isUnreadable = true;
                LogUnreadable(e);
            }
        }
    }

    // Null where the repository cannot be read, or has changed again: then nodes ask for the files.
    private ChangedFiles? FindChange(long version, byte[] timestamp)
    {
        (RepositorySnapshot? before, RepositorySnapshot? now) = (_before, cache.ReadOrLast());
        _before = now?.Timestamp.Version == version ? now : null;
        return before is null || _before is null || before.Timestamp.Version >= version
            ? null
            : new(before, _before, timestamp, folder, intact);
    }

    [LoggerMessage(1340, LogLevel.Warning, "The timestamp cannot be read: event streams send nothing until it can be")]
    private partial void LogUnreadable(Exception exception);
}
