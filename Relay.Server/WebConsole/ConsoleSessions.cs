using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Relay.Server.Http.Access;
using Relay.Server.Storage;

namespace Relay.Server.WebConsole;

/// <summary>Who has signed in to the console. A session ends by itself, with its API key, and by signing out.</summary>
internal sealed class ConsoleSessions(RelayDatabase database, ApiKeyStore keys, TimeProvider timeProvider)
{
    /// <summary>A working day.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

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
                    Expires = now + (long)Life.TotalMilliseconds,
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
        bool isValid = Http.Access.Tokens.TokenActor.IsToken(stored.Actor) || keys.FindState(stored.Actor) is { Refusal: null };
        return isValid && roles.Length > 0 ? new ConsoleSession(stored.Actor, stored.Name, roles) : null;
    }

    public void End(string token) => database.Write((connection, transaction) =>
        connection.Execute("DELETE FROM console_sessions WHERE hash = @Hash", new { Hash = Hash(token) }, transaction));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private sealed record StoredSession(string Actor, string Name, string Roles, long ExpiresAt);
}

/// <summary>A session.</summary>
/// <param name="Actor">The id of an API key, or the text of a token.</param>
/// <param name="Name">Of the key or the person, for the page.</param>
internal sealed record ConsoleSession(string Actor, string Name, IReadOnlyList<ApiKeyRole> Roles);
