using System.Text.Json.Serialization;

namespace Shared.Contracts.Api;

/// <summary>The requests that an API key may send: each has one role.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiKeyRole>))]
public enum ApiKeyRole
{
    /// <summary>All of them, and API keys themselves.</summary>
    [JsonStringEnumMemberName("admin")] Admin,

    /// <summary>Models and training runs, and all that an auditor reads.</summary>
    [JsonStringEnumMemberName("trainer")] Trainer,

    /// <summary>Signatures for pending publications, and all that an auditor reads.</summary>
    [JsonStringEnumMemberName("approver")] Approver,

    /// <summary>Channels, releases, revocations and nodes, and all that an auditor reads.</summary>
    [JsonStringEnumMemberName("operator")] Operator,

    /// <summary>Reads what the relay knows, and changes nothing.</summary>
    [JsonStringEnumMemberName("auditor")] Auditor,

    /// <summary>Reads metadata and artifacts, as a node or a mirror does.</summary>
    [JsonStringEnumMemberName("node")] Node,
}
