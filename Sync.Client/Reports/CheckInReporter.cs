using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Sync.Client.Transport;

namespace Sync.Client.Reports;

/// <summary>Sends the node's status to the relay: at once when it changed, else every 5 minutes. Refusals are kept until the relay has
/// accepted them.</summary>
internal sealed class CheckInReporter(RelayConnections connections, RefusalLog refusals, TimeProvider timeProvider)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(5);
    private (int Release, bool Stale, int Quarantined, NodeSteering Steering, string Shadow)? _sent;
    private DateTimeOffset _sentAt;

    /// <summary>False when a check-in was due and did not arrive.</summary>
    public async Task<bool> ReportAsync(SyncStatus status, CancellationToken cancellationToken)
    {
        // A relay that did not answer in this update is not asked again at once.
        if (connections.Relay is not { } relay || connections.Sources.IsFirstOffline)
        {
            return true;
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        IReadOnlyList<RefusalReport> unreported = refusals.Unreported;
        (int, bool, int, NodeSteering, string) summary = (
            status.Release, status.Stale, status.Quarantine.Count, status.Steering,
            string.Join(' ', status.Shadow.Select(s => $"{s.Model} {s.Candidate} {s.State}")));
        if (_sent == summary && unreported.Count == 0 && now - _sentAt < Heartbeat)
        {
            return true;
        }

        CheckIn report = new()
        {
            Node = status.Node,
            Channel = status.Channel,
            Release = status.Release,
            Stale = status.Stale,
            At = now,
            Models = status.Models,
            Refusals = unreported,
            Quarantine = status.Quarantine,
            Steering = status.Steering.Mode is SteeringMode.Following ? null : status.Steering.ToString(),
            Shadow = status.Shadow.Count == 0 ? null : status.Shadow,
        };
        Fetched answer = await relay.PostJsonAsync(
            Routes.CheckInsOf(status.Node), JsonSerializer.SerializeToUtf8Bytes(report, CheckInJson.Default.CheckIn), cancellationToken)
            .ConfigureAwait(false);
        if (answer.Status != FetchStatus.Ok)
        {
            return false;
        }

        refusals.RemoveReported(unreported);
        (_sent, _sentAt) = (summary, now);
        return true;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckIn))]
internal sealed partial class CheckInJson : JsonSerializerContext;
