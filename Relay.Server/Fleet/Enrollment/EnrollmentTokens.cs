using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Enrollment;

/// <summary>The tokens with which nodes enroll, stored as SHA-256: a token is 256 random bits, so a slow hash would not protect it better.
/// </summary>
internal sealed class EnrollmentTokens(RelayDatabase database, DatabaseWriter writer, TimeProvider timeProvider)
{
    private const string Prefix = "relay_enroll_";
    private const int SecretBytes = 32;

    private const string Columns =
        "id AS Id, name AS Name, created_at AS CreatedAt, expires_at AS ExpiresAt, uses AS Uses, used AS Used, revoked_at AS RevokedAt";

    /// <param name="replace">Revokes the tokens of this name that there are.</param>
    public async Task<EnrollmentTokenCreated> CreateAsync(EnrollmentTokenRequest request, bool replace = false)
    {
        string text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        long now = Instant.Now(timeProvider);
        object parameters = new
        {
            request.Name,
            Hash = Hash(text),
            now,
            expires = now + (long)TimeSpan.FromDays(request.ExpiresInDays).TotalMilliseconds,
            request.Uses,
        };
        Row stored = await writer.WriteAsync((connection, transaction) =>
        {
            if (replace)
            {
                connection.Execute(
                    "UPDATE enrollment_tokens SET revoked_at = @now WHERE name = @Name AND revoked_at IS NULL", parameters, transaction);
            }

            return connection.QuerySingle<Row>(
                $"""
                INSERT INTO enrollment_tokens (name, hash, created_at, expires_at, uses) VALUES (@Name, @Hash, @now, @expires, @Uses)
                RETURNING {Columns}
                """,
                parameters, transaction);
        });
        return new EnrollmentTokenCreated(stored.ToView(), text);
    }

    /// <summary>Tokens by number, after the cursor.</summary>
    /// <param name="usable">True: those with which nodes can enroll now; false: the others; null: all.</param>
    public IReadOnlyList<EnrollmentTokenView> List(bool? usable, long after, int limit)
    {
        ListConditions conditions = new ListConditions().Add("id > @", after);
        if (usable is { } isUsable)
        {
            conditions.Add($"{(isUsable ? "" : "NOT ")}(revoked_at IS NULL AND expires_at > @ AND used < uses)", Instant.Now(timeProvider));
        }

        conditions.WithLimit(limit);
        using DbConnection connection = database.Open();
        return [.. connection
            .Query<Row>($"SELECT {Columns} FROM enrollment_tokens {conditions} ORDER BY id LIMIT @limit", conditions.Parameters)
            .Select(row => row.ToView())];
    }

    /// <summary>No node enrolls with it any more; those that have stay.</summary>
    /// <returns>False when there is no such token.</returns>
    public Task<bool> RevokeAsync(long id) => writer.WriteAsync((connection, transaction) => connection.Execute(
        "UPDATE enrollment_tokens SET revoked_at = coalesce(revoked_at, @now) WHERE id = @id",
        new { id, now = Instant.Now(timeProvider) }, transaction) > 0);

    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private sealed record Row(long Id, string Name, long CreatedAt, long ExpiresAt, long Uses, long Used, long? RevokedAt)
    {
        public EnrollmentTokenView ToView() =>
            new(Id, Name, Instant.FromMilliseconds(CreatedAt), Instant.FromMilliseconds(ExpiresAt), (int)Uses, (int)Used)
            {
                RevokedAt = RevokedAt is { } revoked ? Instant.FromMilliseconds(revoked) : null,
            };
    }
}
