namespace Shared.Contracts.Api;

/// <summary>Body of POST /v1/models/{name}/versions/{version}/revoke; it may be left out.</summary>
public sealed record RevocationRequest
{
    /// <summary>Goes into the relay's log.</summary>
    public string? Reason { get; init; }
}

/// <summary>A revoked version and what comes of it.</summary>
/// <param name="Sha256">The artifact's, in lower-case hex.</param>
/// <param name="InForce">It is in the signed policy; false while that waits for signatures of offline keys.</param>
/// <param name="Channels">Channels that still run it, or have it as their candidate.</param>
/// <param name="Effect">What nodes do, and what is left to do, in words.</param>
public sealed record RevocationView(string Name, int Version, string Sha256, bool InForce, IReadOnlyList<string> Channels, string Effect);
