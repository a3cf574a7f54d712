namespace Shared.Contracts.Api;

/// <summary>Answer of GET /v1/trust: the roles and keys of the repository, and when metadata and certificates expire.</summary>
public sealed record TrustView(IReadOnlyList<TrustRoleView> Roles, IReadOnlyList<TrustExpiryView> Expiries);

/// <summary>A role of the signed repository.</summary>
/// <param name="Threshold">Signatures that it needs.</param>
public sealed record TrustRoleView(string Role, long Version, DateTimeOffset Expires, int Threshold, IReadOnlyList<TrustKeyView> Keys);

/// <summary>A key that may sign for a role.</summary>
/// <param name="HeldByRelay">True when the private key is in the relay's key folder; false for an offline key.</param>
public sealed record TrustKeyView(string Id, bool HeldByRelay);

/// <summary>When the metadata of a role or a certificate expires.</summary>
/// <param name="Subject">root, targets, channels, snapshot, timestamp, cms-signer, cms-root, released-signers or tls.</param>
/// <param name="DaysLeft">Days until it expires; negative after.</param>
/// <param name="State">fine, due (it must be renewed soon) or expired.</param>
public sealed record TrustExpiryView(string Subject, DateTimeOffset Expires, double DaysLeft, string State);
