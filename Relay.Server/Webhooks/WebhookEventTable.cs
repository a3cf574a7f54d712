using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>The events that webhooks receive. Each is written in the transaction of what it is about: after a kill, both are there or
/// neither.</summary>
internal static class WebhookEventTable
{
    /// <summary>The events that are kept.</summary>
    public const int Maximum = 100_000;

    /// <summary>How long events are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <param name="type">A name of <see cref="WebhookEvents"/>.</param>
    /// <param name="subject">A path below /v1.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    public static void Append(
        DbConnection connection, DbTransaction transaction, string type, string subject, WebhookEventData data, long now)
    {
        long sequence = connection.QuerySingle<long>(
            "INSERT INTO webhook_events (id, type, subject, at, data) VALUES (@id, @type, @subject, @now, @json) RETURNING sequence",
            new { id = NewId(), type, subject, now, json = JsonSerializer.Serialize(data, RelayApiJson.Default.WebhookEventData) },
            transaction);
        connection.Execute(
            "DELETE FROM webhook_events WHERE sequence <= @last", new { last = sequence - Maximum }, transaction);
    }

    /// <summary>Without a dot, which ends the id in what a delivery signs.</summary>
    public static string NewId() => $"evt_{Guid.NewGuid():N}";

    /// <summary>The path of a version below /v1.</summary>
    public static string VersionSubject(string model, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"models/{model}/versions/{version}");
}
