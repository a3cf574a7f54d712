using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Transport;

namespace Sync.Client.Samples;

/// <summary>Sends what waits, the oldest batch first. A batch goes from the disk when the relay has said what became of its rows, so that a kill or
/// a broken connection sends it again and changes nothing.</summary>
internal sealed class SampleSender(SampleQueue queue, TimeProvider timeProvider)
{
    // A relay that does not know a dataset, or does not take it, will not a minute later.
    private static readonly TimeSpan RefusedPause = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1);
    private long? _refusedAt;
    private Refusal? _last;
    private long _taken;
    private long _refused;

    /// <summary>Rows that the relay has, those that it had before included.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Writes what is in memory to the disk, then sends until nothing waits or the relay takes no more.</summary>
    /// <returns>Why rows were refused, or were not sent; null where all were taken.</returns>
    /// <exception cref="IOException">The disk does not take or give the rows.</exception>
    public async Task<Refusal?> SendAsync(RelayHttp relay, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            queue.Save();
            if (_refusedAt is { } at && timeProvider.GetElapsedTime(at) < RefusedPause)
            {
                return _last;
            }

            (_refusedAt, _last) = (null, null);
            while (queue.Peek() is { } next)
            {
                (Refusal? unsent, UploadReport? report, bool isUseless) =
                    await relay.UploadAsync(next.Batch.Route, next.Lines, cancellationToken).ConfigureAwait(false);
                _last = unsent ?? _last;
                if (report is null && !isUseless)
                {
                    _refusedAt = unsent is { Reason: RefusalReason.SamplesRefused } ? timeProvider.GetTimestamp() : null;
                    return _last;
                }

                queue.Remove(next.Batch);
                Count(next.Batch, report);
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <param name="report">Null where the relay refused the batch as a whole.</param>
    private void Count(SampleBatch batch, UploadReport? report)
    {
        long taken = report is null ? 0 : Math.Clamp(report.Accepted + report.Duplicates, 0, batch.Lines);
        Interlocked.Add(ref _taken, taken);
        Interlocked.Add(ref _refused, batch.Lines - taken);
        if (report is not null && taken < batch.Lines)
        {
            SampleFault? first = report.Faults.Count > 0 ? report.Faults[0] : null;
            string why = first is null ? report.Stopped ?? "the relay does not say why"
                : $"{first.Reason}{(first.Column is { } column ? $" in '{column}'" : "")}: {first.Detail}";
            _last = new(RefusalReason.SamplesRefused, batch.Dataset, $"the relay did not take {batch.Lines - taken} of {batch.Lines} rows, {why}");
        }
    }
}
