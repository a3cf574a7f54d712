using System.Text.Json;
using Microsoft.Extensions.Logging;
using Shared.Contracts.Api;
using Sync.Client.Reports;
using Sync.Client.Transport;

namespace Sync.Client.Push;

/// <summary>Keeps one event stream of the relay open, turns its hints into updates, and keeps the files that it brings for them. Without a stream the
/// node polls as ever.</summary>
/// <param name="held">Gives the version of the timestamp that the node has; 0 for none.</param>
/// <param name="setOpen">Is told whether the stream is open.</param>
internal sealed class EventFollower(
    RelayHttp relay, string channel, UpdateSchedule schedule, PushedFiles pushed, Func<long> held, Action<bool> setOpen, TimeProvider timeProvider,
    ILogger logger)
{
    private readonly ReconnectDelay _delay = new();
    private bool _isOpen;
    private bool _isAbsenceLogged;

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait = await FollowOnceAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(wait, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    // Gives the wait before the next attempt.
    private async Task<TimeSpan> FollowOnceAsync(CancellationToken cancellationToken)
    {
        using EventResponse response = await relay.OpenEventsAsync(channel, held(), cancellationToken).ConfigureAwait(false);
        switch (response.Answer)
        {
            case EventAnswer.Open:
                return await ReadAsync(response.Message!, cancellationToken).ConfigureAwait(false);
            case EventAnswer.NotOffered:
                if (!_isAbsenceLogged)
                {
                    _isAbsenceLogged = true;
                    logger.NoEventStream();
                }

                return ReconnectDelay.AfterNotOffered();
            case EventAnswer.Busy:
                return ReconnectDelay.AfterBusy(response.Wait);
            default:
                return _delay.AfterEnd(TimeSpan.Zero, asked: null);
        }
    }

    private async Task<TimeSpan> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken)
    {
        long opened = timeProvider.GetTimestamp();
        EventReader reader = new(Take, timeProvider);
        string why = "";
        try
        {
            Stream body = await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            why = await reader.ReadAsync(body, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            End(cancellationToken.IsCancellationRequested ? null : why);
        }

        return _delay.AfterEnd(timeProvider.GetElapsedTime(opened), reader.Retry);
    }

    // An event that cannot be read is no event: polls go on beside it.
    private void Take(ServerEvent received)
    {
        try
        {
            switch (received.Type)
            {
                case RelayEvents.Pace when JsonSerializer.Deserialize(received.Data, NodeApiJson.Default.PaceEvent) is { } pace:
                    Begin(TimeSpan.FromSeconds(Math.Max(0, pace.PollSeconds)));
                    break;
                case RelayEvents.Files when JsonSerializer.Deserialize(received.Data, NodeApiJson.Default.FilesEvent) is { } files && IsWhole(files):
                    pushed.Keep(files);
                    break;
                case RelayEvents.Metadata when JsonSerializer.Deserialize(received.Data, NodeApiJson.Default.MetadataEvent) is { } hint:
                    schedule.Hint(hint.Timestamp, TimeSpan.FromMilliseconds(Math.Max(0, hint.SpreadMs)));
                    break;
            }
        }
        catch (JsonException)
        {
            logger.EventIgnored(received.Type);
        }
    }

    private static bool IsWhole(FilesEvent files) =>
        files is { Metadata: not null, Targets: not null } && files.Metadata.Values.Concat(files.Targets.Values).All(content => content is not null);

    private void Begin(TimeSpan pace)
    {
        schedule.SlowDown(pace);
        if (!_isOpen)
        {
            _isOpen = true;
            setOpen(true);
            logger.EventStreamOpen();
        }
    }

    /// <param name="why">Null where the node ends it: nothing is logged then.</param>
    private void End(string? why)
    {
        if (_isOpen)
        {
            _isOpen = false;
            setOpen(false);
            schedule.StreamEnded();
            pushed.StreamEnded();
            if (why is not null)
            {
                logger.EventStreamEnded(why);
            }
        }
    }
}
