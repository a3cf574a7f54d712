using System.Buffers;
using System.Text;
using System.Text.Json;
using Shared.Contracts.Api;
using Sync.Client;

namespace Sync.Native.Nodes;

/// <summary>The state of a node as JSON, in camel case and without members that are null. By hand: the serializer would bring a seventh of a megabyte
/// into the library for these types.</summary>
internal static class NodeStatusJson
{
    public static string Write(SyncStatus status)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteNode(json, status);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteNode(Utf8JsonWriter json, SyncStatus status)
    {
        Text(json, "node"u8, status.Node);
        Text(json, "channel"u8, status.Channel);
        Number(json, "release"u8, status.Release);
        json.WritePropertyName("stale"u8);
        json.WriteBooleanValue(status.Stale);
        WriteList(json, "models"u8, status.Models, WriteModel);
        WriteList(json, "recentRefusals"u8, status.RecentRefusals, WriteRefusal);
        WriteList(json, "quarantine"u8, status.Quarantine, WriteQuarantined);
        if (status.LastRefresh is { } last)
        {
            Time(json, "lastRefresh"u8, last);
        }

        WriteList(json, "currentRefusals"u8, status.CurrentRefusals, WriteRefusal);
        json.WritePropertyName("hasEventStream"u8);
        json.WriteBooleanValue(status.HasEventStream);
        json.WritePropertyName("steering"u8);
        json.WriteStartObject();
        Text(json, "mode"u8, status.Steering.Mode.ToString());
        if (status.Steering.Release is { } pinned)
        {
            Number(json, "release"u8, pinned);
        }

        json.WriteEndObject();
        WriteRelease(json, status);
        WriteList(json, "shadow"u8, status.Shadow, WriteShadow);
    }

    private static void WriteRelease(Utf8JsonWriter json, SyncStatus status)
    {
        if (status.Waiting is { } waiting)
        {
            json.WritePropertyName("waiting"u8);
            json.WriteStartObject();
            Number(json, "release"u8, waiting.Release);
            Time(json, "until"u8, waiting.Until);
            json.WriteEndObject();
        }

        if (status.Metadata is { } metadata)
        {
            json.WritePropertyName("metadata"u8);
            json.WriteStartObject();
            Number(json, "timestamp"u8, metadata.Timestamp);
            Text(json, "sha256"u8, metadata.Sha256);
            json.WriteEndObject();
        }
    }

    private static void WriteModel(Utf8JsonWriter json, ActiveModel model)
    {
        Text(json, "name"u8, model.Name);
        Number(json, "version"u8, model.Version);
        Text(json, "sha256"u8, model.Sha256);
        Text(json, "scorer"u8, model.Scorer);
        Number(json, "predictions"u8, model.Predictions);
        Number(json, "failures"u8, model.Failures);
        if (model.CallerFaults != 0)
        {
            Number(json, "callerFaults"u8, model.CallerFaults);
        }

        if (model.SchemaHash is { } hash)
        {
            Text(json, "schemaHash"u8, hash);
        }

        if (model.SchemaSource is { } source)
        {
            Text(json, "schemaSource"u8, source);
        }
    }

    private static void WriteRefusal(Utf8JsonWriter json, RefusalReport refusal)
    {
        Text(json, "reason"u8, refusal.Reason);
        Text(json, "subject"u8, refusal.Subject);
        Text(json, "detail"u8, refusal.Detail);
        Time(json, "at"u8, refusal.At);
    }

    private static void WriteQuarantined(Utf8JsonWriter json, QuarantinedArtifact artifact)
    {
        Text(json, "model"u8, artifact.Model);
        Number(json, "version"u8, artifact.Version);
        Text(json, "sha256"u8, artifact.Sha256);
        Text(json, "reason"u8, artifact.Reason);
    }

    private static void WriteShadow(Utf8JsonWriter json, ShadowReport shadow)
    {
        Text(json, "model"u8, shadow.Model);
        Number(json, "active"u8, shadow.Active);
        Number(json, "candidate"u8, shadow.Candidate);
        Text(json, "state"u8, shadow.State.ToString());
        Number(json, "calls"u8, shadow.Calls);
        Number(json, "disagreements"u8, shadow.Disagreements);
        json.WritePropertyName("largestDifference"u8);
        json.WriteNumberValue(shadow.LargestDifference);
    }

    private static void WriteList<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        json.WritePropertyName(name);
        json.WriteStartArray();
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A name, and then a value, as the serializer writes them: the writer's methods for both at once would be in the library for this file alone.
    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string value)
    {
        json.WritePropertyName(name);
        json.WriteStringValue(value);
    }

    private static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        json.WritePropertyName(name);
        json.WriteStringValue(value);
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, long value)
    {
        json.WritePropertyName(name);
        json.WriteNumberValue(value);
    }
}
