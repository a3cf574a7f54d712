namespace Relay.Server.Http.Access;

/// <summary>What an API key is for. Each key has one role; <see cref="AccessPolicies"/> says which requests it covers.</summary>
internal enum ApiKeyRole
{
    /// <summary>Every request that takes a key, those about keys included.</summary>
    Admin,

    /// <summary>Models and training runs.</summary>
    Trainer,

    /// <summary>Signatures for pending publications.</summary>
    Approver,

    /// <summary>Channels, releases, revocations, nodes.</summary>
    Operator,

    /// <summary>Reads what the relay knows, and changes nothing.</summary>
    Auditor,

    /// <summary>Reads metadata and artifacts, as a node or a mirror does.</summary>
    Node,
}
