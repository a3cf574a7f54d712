using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Storage;

namespace Relay.Server.WebConsole;

/// <summary>Who has signed in to the console. A session ends by itself, with its API key, and by signing out.</summary>
internal sealed class ConsoleSessions(RelayDatabase database, ApiKeyStore keys, IssuerList issuers, TimeProvider timeProvider)
{
    /// <summary>A working day.</summary>
    public static readonly TimeSpan LifeByKey = TimeSpan.FromHours(12);

    /// <summary>The issuer is asked again what its user may do: there, a browser is still signed in.</summary>
    public static readonly TimeSpan LifeByToken = TimeSpan.FromHours(2);

    private const int TokenBytes = 32;

    /// <summary>Sessions that the relay keeps; beyond it the oldest ends.</summary>
    private const int MaximumSessions = 10_000;

    /// <returns>The secret of the session. The relay keeps its hash.</returns>
    public string Begin(string actor, string name, IReadOnlyList<ApiKeyRole> roles)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        long now = Instant.Now(timeProvider);
        database.Write((connection, transaction) =>
        {
            connection.Execute("DELETE FROM console_sessions WHERE expires_at <= @now", new { now }, transaction);
            connection.Execute(
                """
                DELETE FROM console_sessions WHERE hash IN
                    (SELECT hash FROM console_sessions ORDER BY created_at DESC, hash LIMIT 1000 OFFSET @Kept)
                """,
                new { Kept = MaximumSessions - 1 }, transaction);
            connection.Execute(
                """
                INSERT INTO console_sessions (hash, actor, name, roles, created_at, expires_at)
                VALUES (@Hash, @actor, @name, @Roles, @now, @Expires)
                """,
                new
                {
                    Hash = Hash(token),
                    actor,
                    name,
                    Roles = string.Join(' ', roles.Select(AccessPolicies.NameOf)),
                    now,
                    Expires = now + (long)(TokenActor.IsToken(actor) ? LifeByToken : LifeByKey).TotalMilliseconds,
                },
                transaction);
            return true;
        });
        return token;
    }

    /// <summary>The session of this secret; null when there is none, it has ended, or its API key is no longer valid.</summary>
    public ConsoleSession? Find(string token)
    {
        using DbConnection connection = database.Open();
        StoredSession? stored = connection.QuerySingleOrDefault<StoredSession>(
            "SELECT actor AS Actor, name AS Name, roles AS Roles, expires_at AS ExpiresAt FROM console_sessions WHERE hash = @Hash",
            new { Hash = Hash(token) });
        if (stored is null || stored.ExpiresAt <= Instant.Now(timeProvider))
        {
            return null;
        }

        ApiKeyRole[] roles = [.. stored.Roles.Split(' ').Select(AccessPolicies.RoleNamed).OfType<ApiKeyRole>()];
        return IsValid(stored.Actor) && roles.Length > 0 ? new ConsoleSession(stored.Actor, stored.Name, roles) : null;
    }

    public void End(string token) => database.Write((connection, transaction) =>
        connection.Execute("DELETE FROM console_sessions WHERE hash = @Hash", new { Hash = Hash(token) }, transaction));

    /// <summary>A key that was revoked ends its sessions, and so does an issuer that the identity file no longer names.</summary>
    private bool IsValid(string actor) => TokenActor.TryParse(actor) is { } token
        ? issuers.Find(token.Issuer) is not null
        : keys.FindState(actor) is { Refusal: null };

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private sealed record StoredSession(string Actor, string Name, string Roles, long ExpiresAt);
}

/// <summary>A session.</summary>
/// <param name="Actor">The id of an API key, or the text of a token.</param>
/// <param name="Name">Of the key or the person, for the page.</param>
internal sealed record ConsoleSession(string Actor, string Name, IReadOnlyList<ApiKeyRole> Roles);
