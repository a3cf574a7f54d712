using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Idempotency;

/// <summary>Idempotency keys and the answers to their requests, for a day.</summary>
internal sealed class IdempotencyStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>How long a key is known. A program that repeats a request later has lost track of it otherwise.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>Notes that a request begins.</summary>
    /// <returns>Null when the key is new; else what is known of the request before.</returns>
    public StoredAnswer? TryBegin(string apiKey, string key, string fingerprint) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);

        // A row from the future is of a clock that was wrong.
        connection.Execute(
            "DELETE FROM idempotency_keys WHERE at < @oldest OR at > @newest",
            new { oldest = now - (long)Retention.TotalMilliseconds, newest = now + (long)Retention.TotalMilliseconds }, transaction);
        StoredAnswer? known = connection.QuerySingleOrDefault<Row>(
            "SELECT fingerprint, status, content_type AS ContentType, location, body FROM idempotency_keys WHERE api_key = @apiKey AND key = @key",
            new { apiKey, key }, transaction)?.ToAnswer();
        if (known is null)
        {
            connection.Execute(
                "INSERT INTO idempotency_keys (api_key, key, fingerprint, at) VALUES (@apiKey, @key, @fingerprint, @now)",
                new { apiKey, key, fingerprint, now }, transaction);
        }

        return known;
    });

    /// <summary>Keeps the answer.</summary>
    public void Complete(string apiKey, string key, StoredAnswer answer) => database.Write((connection, transaction) => connection.Execute(
        """
        UPDATE idempotency_keys SET status = @Status, content_type = @ContentType, location = @Location, body = @Body
        WHERE api_key = @apiKey AND key = @key
        """,
        new { apiKey, key, answer.Status, answer.ContentType, answer.Location, answer.Body }, transaction));

    /// <summary>Forgets a request that the relay did nothing for: it may be sent again.</summary>
    public void Forget(string apiKey, string key) => database.Write((connection, transaction) =>
        connection.Execute("DELETE FROM idempotency_keys WHERE api_key = @apiKey AND key = @key", new { apiKey, key }, transaction));

    private sealed record Row
    {
        public string Fingerprint { get; init; } = "";

        public long? Status { get; init; }

        public string? ContentType { get; init; }

        public string? Location { get; init; }

        public byte[]? Body { get; init; }

        public StoredAnswer ToAnswer() => new(Fingerprint, (int?)Status, ContentType, Location, Body);
    }
}
