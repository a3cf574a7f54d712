using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Sync.Client.Transport;

namespace Sync.Client.Reports;

/// <summary>Tells the relay what the node runs: at once when that changed, and now and then when it did not. Refusals are kept
/// until the relay has taken them.</summary>
internal sealed class CheckInReporter(RelayHttp http, RefusalLog refusals, TimeProvider timeProvider)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(5);
    private (int Release, bool Stale, int Quarantined, NodeSteering Steering, string Shadow)? _told;
    private DateTimeOffset _toldAt;

    /// <summary>False when a report was due and did not arrive.</summary>
    public async Task<bool> ReportAsync(SyncStatus status, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        IReadOnlyList<RefusalReport> news = refusals.Unreported;
        (int, bool, int, NodeSteering, string) tell = (
            status.Release, status.Stale, status.Quarantine.Count, status.Steering,
            string.Join(' ', status.Shadow.Select(s => $"{s.Model} {s.Candidate} {s.State}")));
        if (_told == tell && news.Count == 0 && now - _toldAt < Heartbeat)
        {
            return true;
        }

        CheckIn report = new(
            status.Node, status.Channel, status.Release, status.Stale, now, status.Models, news, status.Quarantine)
        {
            Steering = status.Steering.Mode is SteeringMode.Following ? null : status.Steering.ToString(),
            Shadow = status.Shadow.Count == 0 ? null : status.Shadow,
        };
        Fetched sent = await http.PostJsonAsync(
            Routes.CheckInsOf(status.Node), JsonSerializer.SerializeToUtf8Bytes(report, CheckInJson.Default.CheckIn), cancellationToken).ConfigureAwait(false);
        if (sent.Status != FetchStatus.Ok)
        {
            return false;
        }

        refusals.Reported(news);
        (_told, _toldAt) = (tell, now);
        return true;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckIn))]
internal sealed partial class CheckInJson : JsonSerializerContext;
