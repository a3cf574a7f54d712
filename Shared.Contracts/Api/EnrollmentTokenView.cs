namespace Shared.Contracts.Api;

/// <summary>A token with which nodes enroll. Its text is shown once, when it is made (<see cref="EnrollmentTokenCreated"/>).</summary>
/// <param name="Uses">The number of nodes that may enroll with it.</param>
/// <param name="Used">The number of nodes that have.</param>
public sealed record EnrollmentTokenView(long Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int Uses, int Used)
{
    /// <summary>When an operator revoked it; null for one that is not revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>POST body of <see cref="Routes.EnrollmentTokens"/>.</summary>
public sealed record EnrollmentTokenRequest
{
    /// <summary>The most nodes for one token.</summary>
    public const int MaximumUses = 1_000_000;

    /// <summary>The longest life of a token, in days.</summary>
    public const int MaximumDays = 366;

    /// <summary>What it is for: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Days until it expires.</summary>
    public int ExpiresInDays { get; init; } = 7;

    /// <summary>The number of nodes that may enroll with it.</summary>
    public int Uses { get; init; } = 1000;
}

/// <summary>Answer of POST <see cref="Routes.EnrollmentTokens"/>.</summary>
/// <param name="Token">The text, which the relay does not keep: it is shown this once.</param>
public sealed record EnrollmentTokenCreated(EnrollmentTokenView View, string Token)
{
    /// <summary>The record without the token, which no log may hold.</summary>
    public override string ToString() => $"{nameof(EnrollmentTokenCreated)} {{ View = {View} }}";
}
