using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Releases;

/// <summary>A revocation that was requested.</summary>
internal sealed record RequestedRevocation
{
    public required string Sha256 { get; init; }

    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string? Reason { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the relay noticed that it is in the signed policy; null before.</summary>
    public required DateTimeOffset? InForceAt { get; init; }
}

/// <summary>Why versions were revoked. The signed policy has digests only, and with offline keys it is signed later than it was asked for: the
/// reason is kept from the request on.</summary>
internal sealed class RevocationStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Keeps the request. A later request for the same version keeps the first reason, unless it gives one.</summary>
    public void Add(ModelCard card, string? reason) => database.Write((connection, transaction) => connection.Execute(
        """
        INSERT INTO revocations (sha256, model, version, reason, requested_at) VALUES (@Sha256, @Name, @Version, @reason, @Now)
        ON CONFLICT (sha256) DO UPDATE SET reason = coalesce(excluded.reason, revocations.reason)
        """,
        new { card.Sha256, card.Name, card.Version, reason, Now = Instant.Now(timeProvider) }, transaction));

    public void MarkInForce(string sha256) => database.Write((connection, transaction) =>
    {
        long now = Instant.Now(timeProvider);
        foreach ((string model, long version, string? reason) in connection.Query<(string, long, string?)>(
            "UPDATE revocations SET in_force_at = @now WHERE sha256 = @sha256 AND in_force_at IS NULL RETURNING model, version, reason",
            new { sha256, now }, transaction))
        {
            WebhookEventData data = new() { Model = model, Version = (int)version, Sha256 = sha256, Detail = reason };
            string subject = WebhookEventTable.VersionSubject(model, version);
            WebhookEventTable.Append(connection, transaction, WebhookEvents.VersionRevoked, subject, data, now);
        }

        return true;
    });

    /// <summary>All requests, the oldest first.</summary>
    public IReadOnlyList<RequestedRevocation> List()
    {
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<(string Sha256, string Model, long Version, string? Reason, long RequestedAt, long? InForceAt)>(
                "SELECT sha256, model, version, reason, requested_at, in_force_at FROM revocations ORDER BY requested_at, sha256")
            .Select(row => new RequestedRevocation
            {
                Sha256 = row.Sha256,
                Model = row.Model,
                Version = (int)row.Version,
                Reason = row.Reason,
                RequestedAt = Instant.FromMilliseconds(row.RequestedAt),
                InForceAt = Instant.FromMilliseconds(row.InForceAt),
            })];
    }
}
