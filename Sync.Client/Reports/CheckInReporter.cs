using Microsoft.Extensions.Logging;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;
using Sync.Client.Identity;
using Sync.Client.Transport;

namespace Sync.Client.Reports;

/// <summary>Sends the node's status to the relay: at once when it changed, else every 5 minutes of elapsed time, whatever the clock does.
/// Refusals and windows of usage are kept until the relay has accepted them, or has refused them also in the form that every relay takes.</summary>
internal sealed class CheckInReporter(
    RelayConnections connections, NodeIdentity identity, RefusalLog refusals, UsageRecorder usage, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(5);

    private static readonly string Library = $"Sync.Client {typeof(CheckInReporter).Assembly.GetName().Version!.ToString(fieldCount: 3)}";

    /// <summary>Time after which an older relay is sent the whole form again: it may be newer by then.</summary>
    private static readonly TimeSpan OlderRelayTime = TimeSpan.FromHours(1);

    private (int Release, bool Stale, int Quarantined, NodeSteering Steering, WaitingRelease? Waiting, string Shadow, string Faulty)? _sent;
    private long _sentAt;
    private readonly CheckInSequence _sequence = new(timeProvider);
    private long? _olderRelaySince;
    private Refusal? _last;

    /// <summary>The refusal of the last check-in; null when it arrived.</summary>
    public async Task<Refusal?> ReportAsync(SyncStatus status, CancellationToken cancellationToken)
    {
        if (connections.Relay is { } relay)
        {
            usage.CloseWindow(status.Quarantine);

            // A relay that did not answer in this update is not asked again at once.
            if (!connections.Sources.IsFirstOffline)
            {
                _last = await ReportAsync(relay, status, cancellationToken).ConfigureAwait(false);
            }

            usage.Windows.Save();
        }

        return _last;
    }

    private async Task<Refusal?> ReportAsync(RelayHttp relay, SyncStatus status, CancellationToken cancellationToken)
    {
        IReadOnlyList<RefusalReport> unreported = refusals.Unreported;
        (int, bool, int, NodeSteering, WaitingRelease?, string, string) summary = (
            status.Release, status.Stale, status.Quarantine.Count, status.Steering, status.Waiting,
            string.Join(' ', status.Shadow.Select(s => $"{s.Model} {s.Candidate} {s.State}")),
            string.Join(' ', status.Models.Where(m => m.CallerFaults > 0 || m.Failures > 0).Select(m => $"{m.Name} {m.Version}")));
        if (_sent == summary && unreported.Count == 0 && usage.Windows.IsEmpty && timeProvider.GetElapsedTime(_sentAt) < Heartbeat)
        {
            return _last;
        }

        (Sent sent, WrittenCheckIn written) = await SendNumberedAsync(relay, ToCheckIn(status, unreported), cancellationToken).ConfigureAwait(false);
        if (sent.Refusal is null or { Reason: RefusalReason.CheckInRefused })
        {
            // What a relay refuses in every form it would refuse for ever: the next heartbeat brings what is new.
            refusals.RemoveReported([.. unreported.Take(written.Refusals)]);
            usage.Windows.Remove(written.Windows);
            (_sent, _sentAt) = (summary, timeProvider.GetTimestamp());
        }

        return sent.Refusal;
    }

    private CheckIn ToCheckIn(SyncStatus status, IReadOnlyList<RefusalReport> unreported) => new()
    {
        Node = status.Node,
        Channel = status.Channel,
        Release = status.Release,
        Stale = status.Stale,
        At = timeProvider.GetUtcNow(),
        Models = status.Models,
        Refusals = unreported,
        Quarantine = status.Quarantine,
        Steering = status.Steering.Mode is SteeringMode.Following ? null : status.Steering.ToString(),
        Shadow = status.Shadow.Count == 0 ? null : status.Shadow,
        Waiting = status.Waiting,
        Metadata = status.Metadata,
        Library = Library,
        Windows = usage.Windows.Oldest,
    };

    private async Task<(Sent Sent, WrittenCheckIn Written)> SendNumberedAsync(RelayHttp relay, CheckIn checkIn, CancellationToken cancellationToken)
    {
        string path = Routes.CheckInsOf(checkIn.Node);
        WrittenCheckIn written = CheckInWriter.Write(checkIn with { Sequence = NextNumber() });
        usage.Windows.MarkAttempted(written.Windows);
        Sent sent = await SendAsync(relay, path, written.Json, cancellationToken).ConfigureAwait(false);
        if (sent.Problem?.Type is not NodeProblems.Sequence || !_sequence.TryContinueAfter(sent.Problem.Last))
        {
            return (sent, written);
        }

        written = CheckInWriter.Write(checkIn with { Sequence = NextNumber() });
        return (await SendAsync(relay, path, written.Json, cancellationToken).ConfigureAwait(false), written);
    }

    private long NextNumber() => identity.Key is null ? 0 : _sequence.Next();

    private async Task<Sent> SendAsync(RelayHttp relay, string path, byte[] json, CancellationToken cancellationToken)
    {
        if (_olderRelaySince is { } since && timeProvider.GetElapsedTime(since) < OlderRelayTime)
        {
            return await relay.PostJsonAsync(path, FirstCheckInForm.Write(json).Json, cancellationToken).ConfigureAwait(false);
        }

        Sent sent = await relay.PostJsonAsync(path, json, cancellationToken).ConfigureAwait(false);
        if (sent.Refusal is not { Reason: RefusalReason.CheckInRefused } refusal)
        {
            _olderRelaySince = null;
            return sent;
        }

        (byte[] older, IReadOnlyList<string> left) = FirstCheckInForm.Write(json);
        if (left.Count == 0)
        {
            return sent;
        }

        Sent again = await relay.PostJsonAsync(path, older, cancellationToken).ConfigureAwait(false);
        if (again.Refusal is null)
        {
            _olderRelaySince = timeProvider.GetTimestamp();
            logger.OlderRelay(refusal.Detail, string.Join(", ", left));
        }

        return again;
    }
}
