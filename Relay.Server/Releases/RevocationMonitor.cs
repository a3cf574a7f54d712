using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Workers;
using Shared.Contracts.Releases;
using Shared.Platform.Timing;

namespace Relay.Server.Releases;

/// <summary>Logs a revocation with its reason when it is in the signed policy, which with offline keys is later than it was asked for, and each
/// channel that runs a revoked version: once when it begins and once when it ends.</summary>
internal sealed partial class RevocationMonitor(
    RepositoryCache repository, RevocationStore revocations, ApprovalService approvals, TimeProvider timeProvider,
    ILogger<RevocationMonitor> log) : RelayWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _void = new(StringComparer.Ordinal);
    private Dictionary<(string Channel, string Sha256), ReleasedModel> _running = [];

    /// <summary>Logs what has changed since the last check.</summary>
    public void Check()
    {
        lock (_gate)
        {
            RepositorySnapshot snapshot = repository.Read();
            RequestedRevocation[] open = [.. revocations.List().Where(request => request.InForceAt is null)];
            IReadOnlyList<PendingPublication> pending = open.Length == 0 ? [] : approvals.List();
            foreach (RequestedRevocation request in open)
            {
                if (snapshot.Policy.Revoked.Contains(request.Sha256, StringComparer.Ordinal))
                {
                    LogRevoked(request.Model, request.Version, request.Sha256, request.Reason ?? "none given");
                    revocations.MarkInForce(request.Sha256);
                }
                else if (!Revocation.IsPending(pending, request.Sha256) && timeProvider.GetUtcNow() - request.RequestedAt > Interval
                    && _void.Add(request.Sha256))
                {
                    LogVoid(request.Model, request.Version);
                }
            }

            Dictionary<(string Channel, string Sha256), ReleasedModel> running = snapshot.Channels.Values
                .SelectMany(channel => Revocation.RevokedOf(snapshot, channel).Select(model => (channel.Channel, Model: model)))
                .ToDictionary(found => (found.Channel, found.Model.Sha256), found => found.Model);
            foreach (((string channel, _), ReleasedModel model) in running.ExceptBy(_running.Keys, found => found.Key))
            {
                LogRunning(channel, model.Name, model.Version);
            }

            foreach (((string channel, _), ReleasedModel model) in _running.ExceptBy(running.Keys, found => found.Key))
            {
                LogEnded(channel, model.Name, model.Version);
            }

            _running = running;
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        PeriodicCheck.RunAsync(Check, LogUnreadable, Interval, timeProvider, stoppingToken);

    [LoggerMessage(1310, LogLevel.Warning, "{Model} {Version} with SHA-256 {Digest} is revoked; reason: {Reason}")]
    private partial void LogRevoked(string model, int version, string digest, string reason);

    [LoggerMessage(
        1311, LogLevel.Warning,
        "Channel {Channel} runs {Model} {Version}, which is revoked: nodes refuse it. Publish another version, or an " +
            "earlier release, to the channel")]
    private partial void LogRunning(string channel, string model, int version);

    [LoggerMessage(1312, LogLevel.Information, "Channel {Channel} does not run {Model} {Version} any more, which is revoked")]
    private partial void LogEnded(string channel, string model, int version);

    [LoggerMessage(
        1314, LogLevel.Warning,
        "The revocation of {Model} {Version} was not signed, and no publication is pending for it any more: nodes still run it. Revoke it again")]
    private partial void LogVoid(string model, int version);

    [LoggerMessage(1313, LogLevel.Error, "The relay cannot compare its channels with the revocations; it tries again in a minute")]
    private partial void LogUnreadable(Exception exception);
}
