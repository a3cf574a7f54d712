using Relay.Server.ObjectStore.Client;
using Relay.Server.ObjectStore.Copying;
using Relay.Server.Repository;
using Relay.Server.Workers;
using Shared.Contracts.Tuf;

namespace Relay.Server.ObjectStore;

/// <summary>Copies each change to the bucket, also those of other processes; compares all of it at the start and once an hour; and tries again after
/// a failure, at longer and longer intervals. Nothing of the relay waits for it.</summary>
internal sealed partial class CopyWorker(
    BucketCopy copy, PublishedFolder folder, S3Bucket bucket, ObjectStoreSettings settings, CopyStatus status, TufRepository repository,
    TimeProvider timeProvider, ILogger<CopyWorker> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ComparisonInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaximumDelay = TimeSpan.FromMinutes(1);

    private byte[] _copied = [];
    private DateTimeOffset _nextComparison = DateTimeOffset.MinValue;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset _nextProbe = DateTimeOffset.MinValue;
    private int _failures;
    private string? _told;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RepositoryWatch.RunAsync(repository.Committer, LookAsync, Interval, timeProvider, stoppingToken);

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            (byte[] timestamp, long version) = folder.ReadTimestamp();
            DateTimeOffset now = timeProvider.GetUtcNow();
            status.NoteCurrent(version, now);
            if (now < _notBefore)
            {
                return;
            }

            if (now < _nextComparison && timestamp.AsSpan().SequenceEqual(_copied))
            {
                await ProbeAsync(now, stoppingToken);
                return;
            }

            CopyReport report = await copy.RunAsync(status.NoteMissing, stoppingToken);
            Note(report, timestamp);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            status.NoteFailure(e.Message, timeProvider.GetUtcNow());
            _nextComparison = DateTimeOffset.MinValue;
            Delay();
            if (_told != e.Message)
            {
                LogFailed(e is ObjectStoreException ? null : e, status.State.Bucket, e.Message);
                _told = e.Message;
            }
        }
    }

    // While nodes are sent there: they are not sent to a store that does not answer.
    private async Task ProbeAsync(DateTimeOffset now, CancellationToken stoppingToken)
    {
        if (settings.RedirectTargets && now >= _nextProbe)
        {
            _nextProbe = now + ProbeInterval;
            await bucket.ReadAsync(PublishedFolder.TimestampPath, TrustBounds.TimestampBytes, stoppingToken);
        }
    }

    private void Note(CopyReport report, byte[] timestamp)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        string? problem = Explain(report.Refused);
        status.NoteReport(report, problem, now);
        Tell(report, problem);
        if (problem is not null)
        {
            Delay();
            return;
        }

        // What was current when the comparison began: a change since then is copied next.
        (_copied, _failures, _notBefore, _nextComparison) = (timestamp, 0, DateTimeOffset.MinValue, now + ComparisonInterval);
    }

    private void Tell(CopyReport report, string? problem)
    {
        string told = string.Join("; ", report.Conflicts.Select(one => $"{one.Path}: {one.Problem}").Prepend(problem).OfType<string>());
        if (told.Length > 0)
        {
            if (told != _told)
            {
                LogRefused(status.State.Bucket, told);
            }
        }
        else if (_told is not null)
        {
            LogRecovered(status.State.Bucket);
        }

        _told = told.Length > 0 ? told : null;
        if (report.Written + report.Deleted > 0)
        {
            LogCopied(report.Written, report.Deleted, status.State.Bucket, report.Timestamp);
        }
    }

    // Doubled each time, with jitter, so that several relays do not come at the same moment.
    private void Delay()
    {
        double seconds = Math.Min(Math.Pow(2, Math.Min(_failures++, 10)), MaximumDelay.TotalSeconds);
        _notBefore = timeProvider.GetUtcNow() + TimeSpan.FromSeconds(seconds * (0.75 + (Random.Shared.NextDouble() / 4)));
    }

    private static string? Explain(CopyRefusal? refusal) => refusal switch
    {
        null => null,
        CopyRefusal.OtherRepository =>
            "the bucket has the files of another relay: give this one another bucket, or another prefix",
        CopyRefusal.NewerRepository =>
            "the bucket has signed metadata that is newer than that of this relay: another relay with its keys writes there, or this one was "
            + "restored without the newest state; stop the other one, or empty the bucket",
        CopyRefusal.ChangedMetadata =>
            "metadata in the bucket was changed by someone else, so that the timestamp is not written: delete the objects that the log names",
        _ => throw new InvalidOperationException($"{refusal} is not known."),
    };

    [LoggerMessage(1420, LogLevel.Information, "Wrote {Written} files and deleted {Deleted} in {Bucket}, which has timestamp {Version} now")]
    private partial void LogCopied(int written, int deleted, string bucket, long version);

    [LoggerMessage(
        1421, LogLevel.Warning, "The copy in {Bucket} is behind; the relay publishes and serves as before, and tries again by itself: {Reason}")]
    private partial void LogFailed(Exception? exception, string bucket, string reason);

    [LoggerMessage(1422, LogLevel.Error, "The copy in {Bucket} is not whole: {Reason}")]
    private partial void LogRefused(string bucket, string reason);

    [LoggerMessage(1423, LogLevel.Information, "The copy in {Bucket} is whole again")]
    private partial void LogRecovered(string bucket);
}
