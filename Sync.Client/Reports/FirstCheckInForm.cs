using System.Text.Json.Nodes;
using Shared.Contracts;

namespace Sync.Client.Reports;

/// <summary>The form of check-ins that every relay takes: the members and reasons of version 0.1. Relays of that version refuse a whole check-in
/// for one member or reason more.</summary>
internal static class FirstCheckInForm
{
    private static readonly Dictionary<string, HashSet<string>> Members = new(StringComparer.Ordinal)
    {
        [""] = ["node", "channel", "release", "stale", "at", "models", "refusals", "quarantine", "steering", "shadow"],
        ["models"] = ["name", "version", "sha256", "scorer", "predictions", "failures"],
        ["refusals"] = ["reason", "subject", "detail", "at"],
        ["quarantine"] = ["model", "version", "sha256", "reason"],
        ["shadow"] = ["model", "active", "candidate", "state", "calls", "disagreements", "largestDifference"],
    };

    // In the order of the enum, which only grows at its end: the first one of a newer version is MetadataSchemeUnsupported.
    private static readonly HashSet<string> Reasons =
        [.. Enum.GetValues<RefusalReason>().Where(r => r <= RefusalReason.ShadowDisagreement).Select(r => r.ToString())];

    /// <returns>The check-in in that form, and what it lacks of the whole one, for people.</returns>
    public static (byte[] Json, IReadOnlyList<string> Left) Write(byte[] checkIn)
    {
        JsonObject report = JsonNode.Parse(checkIn)!.AsObject();
        SortedSet<string> left = new(StringComparer.Ordinal);
        Keep(report, "", left);
        foreach (string list in Members.Keys.Where(k => k.Length > 0))
        {
            if (report[list] is JsonArray items)
            {
                KeepItems(items, list, left);
            }
        }

        return (System.Text.Encoding.UTF8.GetBytes(report.ToJsonString()), [.. left]);
    }

    private static void KeepItems(JsonArray items, string list, SortedSet<string> left)
    {
        foreach (JsonObject item in items.OfType<JsonObject>().ToList())
        {
            Keep(item, list, left);
            if (item["reason"]?.GetValue<string>() is { } reason && !Reasons.Contains(reason))
            {
                items.Remove(item);
                left.Add(reason);
            }
        }
    }

    private static void Keep(JsonObject owner, string list, SortedSet<string> left)
    {
        foreach (string member in owner.Select(m => m.Key).Where(k => !Members[list].Contains(k)).ToList())
        {
            owner.Remove(member);
            left.Add(list.Length == 0 ? member : $"{list}.{member}");
        }
    }
}
