using System.Collections.Frozen;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Home;

/// <summary>Entries of the audit log in words.</summary>
internal static class ActivityText
{
    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["POST /v1/models"] = "Created a model",
        ["PUT /v1/models/{name}"] = "Wrote the spec of a model",
        ["POST /v1/models/{name}/archive"] = "Archived a model",
        ["POST /v1/models/{name}/restore"] = "Restored a model",
        ["POST /v1/models/{name}/import"] = "Imported a model",
        ["POST /v1/models/{name}/versions/{version:int}/revoke"] = "Revoked a version",
        ["DELETE /v1/models/{name}/versions/{version:int}"] = "Deleted a version",
        ["PUT /v1/models/{name}/aliases/{alias}"] = "Set an alias",
        ["DELETE /v1/models/{name}/aliases/{alias}"] = "Deleted an alias",
        ["POST /v1/training-runs"] = "Started a training run",
        ["POST /v1/training-runs/{id:long}/cancel"] = "Cancelled a training run",
        ["POST /v1/training-triggers"] = "Made a trigger of training runs",
        ["POST /v1/channels/{channel}/release"] = "Released on a channel",
        ["DELETE /v1/channels/{channel}"] = "Deleted a channel",
        ["POST /v1/rollouts"] = "Started a rollout",
        ["POST /v1/rollouts/{id:long}/pause"] = "Paused a rollout",
        ["POST /v1/rollouts/{id:long}/resume"] = "Resumed a rollout",
        ["POST /v1/rollouts/{id:long}/skip"] = "Skipped a stage of a rollout",
        ["POST /v1/rollouts/{id:long}/halt"] = "Halted a rollout",
        ["POST /v1/pending/{id}/signatures"] = "Signed a publication",
        ["DELETE /v1/pending/{id}"] = "Dropped a publication",
        ["POST /v1/nodes/{id}/ban"] = "Banned a node",
        ["POST /v1/nodes/{id}/unban"] = "Ended the ban of a node",
        ["DELETE /v1/nodes/{id}"] = "Removed a node",
        ["POST /v1/enrollment-tokens"] = "Made an enrollment token",
        ["POST /v1/api-keys"] = "Made an API key",
        ["POST /v1/api-keys/{id}/rotate"] = "Rotated an API key",
        ["DELETE /v1/api-keys/{id}"] = "Revoked an API key",
        ["POST /v1/webhooks"] = "Made a webhook",
        ["POST /v1/datasets"] = "Created a dataset",
        ["publication"] = "Published",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The actions that have words of their own.</summary>
    public static IEnumerable<string> Actions => Texts.Keys;

    /// <summary>Whether an entry says what became of something: a request alone is followed by its answer.</summary>
    public static bool IsOutcome(AuditEntry entry) => entry.Kind != AuditEntry.Request;

    public static string Describe(AuditEntry entry)
    {
        string text = Texts.GetValueOrDefault(entry.Action) ?? $"{char.ToUpperInvariant(entry.Action[0])}{entry.Action[1..]}";
        return entry switch
        {
            { Kind: AuditEntry.Denied } => $"Denied: {text}",
            { Status: >= 400 } => $"Refused ({entry.Status}): {text}",
            _ => text,
        };
    }
}
