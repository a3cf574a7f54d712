namespace Shared.Contracts.Api;

/// <summary>Answer of GET /v1/trust: what the relay's trust rests on, and how long each part still holds.</summary>
public sealed record TrustView(IReadOnlyList<TrustRoleView> Roles, IReadOnlyList<TrustExpiryView> Expiries);

/// <summary>A role of the signed repository.</summary>
/// <param name="Threshold">Signatures that it needs.</param>
public sealed record TrustRoleView(string Role, long Version, DateTimeOffset Expires, int Threshold, IReadOnlyList<TrustKeyView> Keys);

/// <summary>A key that may sign for a role.</summary>
/// <param name="HeldByRelay">Its private half lies in the relay's key folder; else it is offline.</param>
public sealed record TrustKeyView(string Id, bool HeldByRelay);

/// <summary>How long a role's metadata or a certificate holds.</summary>
/// <param name="Subject">root, targets, channels, snapshot, timestamp, cms-signer, cms-root, released-signers or tls.</param>
/// <param name="DaysLeft">Days until it expires; negative after.</param>
/// <param name="State">fine, due (somebody has to act) or expired.</param>
public sealed record TrustExpiryView(string Subject, DateTimeOffset Expires, double DaysLeft, string State);
