using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Access;

/// <summary>A row of the database. Instants are milliseconds since 1970.</summary>
/// <param name="Role">A name of <see cref="ApiKeyRole"/>, or of a role that a newer relay has.</param>
/// <param name="ExpiresAt">Null: it does not expire.</param>
/// <param name="ReplacedBy">The id of the key that a rotation made for it.</param>
internal sealed record StoredApiKey(
    long Number, string Id, string Name, string Role, byte[] Hash, long CreatedAt, long? ExpiresAt, long? LastUsedAt, long? RevokedAt,
    string? ReplacedBy, string? Owner)
{
    public const string Valid = "valid";
    public const string Expired = "expired";
    public const string Revoked = "revoked";

    public const string Columns = """
        number AS Number, id AS Id, name AS Name, role AS Role, hash AS Hash, created_at AS CreatedAt, expires_at AS ExpiresAt,
        last_used_at AS LastUsedAt, revoked_at AS RevokedAt, replaced_by AS ReplacedBy, owner AS Owner
        """;

    /// <summary>Why the key is not valid at this time; null when it is.</summary>
    public ApiKeyRefusal? FindRefusal(long now) => this switch
    {
        { RevokedAt: { } revoked } => new(
            ApiKeyRefusalReason.Revoked,
            $"API key {Id} was revoked {Instant.FromMilliseconds(revoked):u}: ask for another key, which 'relay api-keys create' makes."),
        { ExpiresAt: { } expires } when expires <= now => new(
            ApiKeyRefusalReason.Expired,
            $"API key {Id} expired {Instant.FromMilliseconds(expires):u}: ask for another key, which 'relay api-keys create' makes."),
        _ => null,
    };

    public ApiKeyView View(long now) => new()
    {
        Id = Id,
        Name = Name,
        Owner = Owner,
        Role = Role,
        State = RevokedAt is not null ? Revoked : ExpiresAt <= now ? Expired : Valid,
        CreatedAt = Instant.FromMilliseconds(CreatedAt),
        ExpiresAt = Instant.FromMilliseconds(ExpiresAt),
        LastUsedAt = Instant.FromMilliseconds(LastUsedAt),
        RevokedAt = Instant.FromMilliseconds(RevokedAt),
        ReplacedBy = ReplacedBy,
    };
}
