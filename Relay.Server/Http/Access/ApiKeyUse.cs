using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Http.Access;

/// <summary>Notes when a key was used, at most once a minute for each key, and without a request that waits for it.</summary>
internal sealed partial class ApiKeyUse(DatabaseWriter writer, TimeProvider timeProvider, ILogger<ApiKeyUse> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _noted = new(StringComparer.Ordinal);

    public void Record(string id)
    {
        long now = Instant.Now(timeProvider);
        lock (_lock)
        {
            // The absolute value: a clock that was set back must not end the notes.
            if (_noted.TryGetValue(id, out long before) && Math.Abs(now - before) < Interval.TotalMilliseconds)
            {
                return;
            }

            _noted[id] = now;
        }

        writer.WriteAsync((connection, transaction) =>
                connection.Execute("UPDATE api_keys SET last_used_at = @now WHERE id = @id", new { id, now }, transaction))
            .ContinueWith(
                write => LogNotNoted(log, write.Exception, id), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    [LoggerMessage(1013, LogLevel.Warning, "The use of API key {Id} could not be noted")]
    private static partial void LogNotNoted(ILogger log, Exception? exception, string id);
}
