using Relay.Server.Workers;
using Shared.Platform.Timing;

namespace Relay.Server.Fleet.Adoption;

/// <summary>Adds to the history of nodes by release every five minutes, and thins it out every hour.</summary>
internal sealed partial class AdoptionWorker(AdoptionHistory history, TimeProvider timeProvider, ILogger<AdoptionWorker> log) : RelayWorker
{
    private static readonly TimeSpan ThinInterval = TimeSpan.FromHours(1);

    private DateTimeOffset _thinnedAt = DateTimeOffset.MinValue;

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        PeriodicCheck.RunAsync(Run, LogFailed, AdoptionRetention.Interval, timeProvider, stoppingToken);

    private void Run()
    {
        history.Sample();
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (now - _thinnedAt >= ThinInterval)
        {
            history.Thin();
            _thinnedAt = now;
        }
    }

    [LoggerMessage(1425, LogLevel.Error, "The nodes by release could not be added to their history; the next try is in five minutes")]
    private partial void LogFailed(Exception exception);
}
