using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client.Transport;

namespace Sync.Client.Samples;

/// <summary>Sends what waits, the oldest batch first. A batch goes from the disk when the relay has said what became of its rows, so that a kill or
/// a broken connection sends it again and changes nothing.</summary>
/// <param name="isConsented">Whether the active versions let a batch leave; what they do not, is deleted.</param>
internal sealed class SampleSender(SampleQueue queue, Predicate<SampleBatch> isConsented, TimeProvider timeProvider)
{
    // A relay that does not know a dataset, or does not take it, will not a minute later.
    private static readonly TimeSpan RefusedPause = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<string, Pause> _pauses = new(StringComparer.Ordinal);
    private long _taken;
    private long _refused;

    /// <summary>Rows that the relay has, those that it had before included.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Writes what is in memory to the disk, then sends what waits, as far as the relay takes it.</summary>
    /// <returns>Why rows were refused, or were not sent; null where all were taken.</returns>
    /// <exception cref="IOException">The disk does not take or give the rows.</exception>
    public async Task<Refusal?> SendAsync(RelayHttp relay, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Refusal? refusal = null;
            queue.Save();
            foreach (SampleBatch batch in queue.Batches)
            {
                if (!isConsented(batch))
                {
                    queue.Remove(batch, isDropped: true);
                }
                else if (FindPause(batch.Route) is { } paused)
                {
                    refusal ??= paused;
                }
                else if (queue.Read(batch) is { } lines)
                {
                    (Refusal? found, bool isAway) = await SendAsync(relay, batch, lines, cancellationToken).ConfigureAwait(false);
                    refusal ??= found;
                    if (isAway)
                    {
                        break;
                    }
                }

                queue.Save();
            }

            return refusal;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(Refusal? Refusal, bool IsAway)> SendAsync(
        RelayHttp relay, SampleBatch batch, byte[] lines, CancellationToken cancellationToken)
    {
        (Refusal? unsent, UploadReport? report, bool isUseless) =
            await relay.UploadAsync(batch.Route, lines, cancellationToken).ConfigureAwait(false);
        if (report is null && !isUseless)
        {
            bool isRefused = unsent is { Reason: RefusalReason.SamplesRefused };
            if (isRefused)
            {
                _pauses[batch.Route] = new Pause(timeProvider.GetTimestamp(), RefusedPause, unsent!);
            }

            return (unsent, !isRefused);
        }

        long taken = report is null ? 0 : Math.Clamp(report.Accepted + report.Duplicates, 0, batch.Lines);
        Refusal? refusal = report is null ? unsent : taken == batch.Lines ? null : Describe(batch, report, taken);
        if (report?.Faults.FirstOrDefault(fault => fault.Reason
            is SampleFaultReason.NodeQuota or SampleFaultReason.NodeShare or SampleFaultReason.DatasetFull) is { } full)
        {
            // There may be room later: the batch stays, and what is taken of it counts once at the relay.
            TimeSpan length = full.Reason is SampleFaultReason.NodeQuota ? TimeToTheNextDay() : RefusedPause;
            _pauses[batch.Route] = new Pause(timeProvider.GetTimestamp(), length, refusal!);
            return (refusal, false);
        }

        queue.Remove(batch);
        Interlocked.Add(ref _taken, taken);
        Interlocked.Add(ref _refused, batch.Lines - taken);
        return (refusal, false);
    }

    private Refusal? FindPause(string route)
    {
        if (_pauses.TryGetValue(route, out Pause? pause))
        {
            if (timeProvider.GetElapsedTime(pause.Since) < pause.Length)
            {
                return pause.Refusal;
            }

            _pauses.Remove(route);
        }

        return null;
    }

    // Quotas are of a day in UTC.
    private TimeSpan TimeToTheNextDay()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime;
    }

    private static Refusal Describe(SampleBatch batch, UploadReport report, long taken)
    {
        SampleFault? first = report.Faults.Count > 0 ? report.Faults[0] : null;
        string why = first is null ? report.Stopped ?? "the relay does not say why"
            : $"{first.Reason}{(first.Column is { } column ? $" in '{column}'" : "")}: {first.Detail}";
        return new(RefusalReason.SamplesRefused, batch.Dataset, $"the relay did not take {batch.Lines - taken} of {batch.Lines} rows, {why}");
    }

    /// <summary>A route that is not asked for a while.</summary>
    private sealed record Pause(long Since, TimeSpan Length, Refusal Refusal);
}
