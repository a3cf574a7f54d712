namespace Shared.Contracts.Api;

/// <summary>Body of POST /v1/models/{name}/versions/{version}/revoke; it may be absent.</summary>
public sealed record RevocationRequest
{
    /// <summary>The reason, in one line: for the relay's log, for the list of revocations and for approvers.</summary>
    public string? Reason { get; init; }
}

/// <summary>A revoked version and the effect of the revocation.</summary>
/// <param name="Sha256">The artifact's, in lower-case hex.</param>
/// <param name="InForce">True when it is in the signed policy; false while the policy waits for signatures of offline keys.</param>
/// <param name="Channels">Channels whose release or candidate has the version.</param>
/// <param name="Effect">The effect on nodes and the remaining steps, in words.</param>
public sealed record RevocationView(string Name, int Version, string Sha256, bool InForce, IReadOnlyList<string> Channels, string Effect)
{
    /// <summary>The reason that was given; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was first asked for; null where this relay does not know.</summary>
    public DateTimeOffset? RequestedAt { get; init; }
}
