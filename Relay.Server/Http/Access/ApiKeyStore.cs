using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Access;

/// <summary>API keys. The relay has the hash of a key; its text is shown once, when it is made.</summary>
internal sealed class ApiKeyStore(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Keys in the list. Beyond it the oldest of those that are no longer valid goes.</summary>
    public const int MaximumKeys = 1_000;

    /// <summary>Creates the first admin key, or a new one and revokes all others.</summary>
    /// <param name="show">Called before the key is stored. After a kill in between, the next start shows another key; the reverse order
    /// could leave a valid key that was never shown.</param>
    public void EnsureAdminKey(bool replace, Action<string> show)
    {
        if (replace || !HasAdminKey())
        {
            Issue(ApiKeyRole.Admin, "made by 'relay serve'", replace: true, show);
        }
    }

    /// <summary>Creates a further key for an approver, or one that replaces all earlier ones.</summary>
    /// <param name="show">Called before the key is stored.</param>
    public void IssueApproverKey(bool replace, Action<string> show) =>
        Issue(ApiKeyRole.Approver, "made by 'relay approver-key'", replace, show);

    /// <summary>The key of this text. Only who has the secret learns whether it was revoked or has expired.</summary>
    public Result<ApiKeyIdentity, ApiKeyRefusal> Authenticate(string text)
    {
        using DbConnection connection = database.Open();
        StoredApiKey? key = Find(connection, null, ApiKeyText.IdOf(text));
        if (key is null || !CryptographicOperations.FixedTimeEquals(key.Hash,
            ApiKeyText.Hash(text)) || AccessPolicies.RoleNamed(key.Role) is not { } role)
        {
            return new ApiKeyRefusal(
                ApiKeyRefusalReason.Unknown, "The relay does not know this API key: send one that it made, as 'Authorization: Bearer <key>'.");
        }

        return key.FindRefusal(Instant.Now(timeProvider)) is { } refusal ? refusal : new ApiKeyIdentity(key.Id, role);
    }

    /// <summary>Whether two keys are of one person: one key, two of which one replaces the other, over any number of rotations, and two of one owner.
    /// Of a key that says its owner and one that does not, and of a key that the relay no longer lists, that cannot be told; it counts as one
    /// person. A token is as a key with an owner where it names a person; where it names none, nothing tells it from others.</summary>
    public bool IsSamePerson(string one, string other)
    {
        using DbConnection connection = database.Open();
        if (TokenActor.IsToken(one) || TokenActor.IsToken(other))
        {
            return OwnerOf(connection, one) is not { } oneOwner || OwnerOf(connection, other) is not { } otherOwner
                || string.Equals(oneOwner, otherOwner, StringComparison.OrdinalIgnoreCase);
        }

        return (Find(connection, null, one), Find(connection, null, other)) switch
        {
            ({ Owner: null }, { Owner: null }) => IsSuccession(connection, one, other),
            ({ Owner: { } first }, { Owner: { } second }) => string.Equals(first, second, StringComparison.OrdinalIgnoreCase),
            _ => true,
        };
    }

    /// <summary>The first of the keys that this one has replaced, rotation after rotation, as far as the list has them; the key itself where it
    /// replaced none.</summary>
    public string FirstOf(string id)
    {
        using DbConnection connection = database.Open();
        return connection.QueryFirstOrDefault<string>(
            $"""
            WITH RECURSIVE earlier(id) AS ({Known("@id")} UNION SELECT api_keys.id FROM api_keys JOIN earlier ON api_keys.replaced_by = earlier.id)
            SELECT id FROM api_keys WHERE id IN (SELECT id FROM earlier) ORDER BY number LIMIT 1
            """,
            new { id }) ?? id;
    }

    private static string? OwnerOf(DbConnection connection, string actor) =>
        TokenActor.TryParse(actor) is { } token ? token.Owner : Find(connection, null, actor)?.Owner;

    // The id, whether the list has it or not, in the order of texts that the list has: PostgreSQL recurs over no other.
    private static string Known(string id) => $"SELECT coalesce((SELECT id FROM api_keys WHERE id = {id}), {id})";

    // A successor that the list has lost may have been replaced by the other key, of which nothing is left to see.
    private static bool IsSuccession(DbConnection connection, string one, string other) =>
        connection.ExecuteScalar<bool>(
            $"""
            WITH RECURSIVE
                first(id) AS ({Known("@one")} UNION SELECT replaced_by FROM api_keys JOIN first ON api_keys.id = first.id WHERE replaced_by IS NOT NULL),
                second(id) AS ({Known("@other")} UNION SELECT replaced_by FROM api_keys JOIN second ON api_keys.id = second.id WHERE replaced_by IS NOT NULL)
            SELECT EXISTS (SELECT 1 FROM first JOIN second ON first.id = second.id)
                OR EXISTS (SELECT 1 FROM (SELECT id FROM first UNION SELECT id FROM second) AS both_ways WHERE id NOT IN (SELECT id FROM api_keys))
            """,
            new { one, other });

    /// <summary>The key of this id as it is now; null when the list has it no longer.</summary>
    public (ApiKeyView Key, ApiKeyRefusal? Refusal)? FindState(string id)
    {
        long now = Instant.Now(timeProvider);
        using DbConnection connection = database.Open();
        return Find(connection, null, id) is { } key ? (key.View(now), key.FindRefusal(now)) : null;
    }

    /// <summary>Keys in the order in which they were made, after the one of the cursor.</summary>
    public IReadOnlyList<ApiKeyView> List(string? cursor, int limit)
    {
        long now = Instant.Now(timeProvider);
        using DbConnection connection = database.Open();
        return [.. connection.Query<StoredApiKey>(
                $"""
                SELECT {StoredApiKey.Columns} FROM api_keys
                WHERE number > coalesce((SELECT number FROM api_keys WHERE id = @cursor), 0) ORDER BY number LIMIT @limit
                """,
                new { cursor, limit })
            .Select(key => key.View(now))];
    }

    /// <param name="expires">Null: the key does not expire.</param>
    /// <param name="owner">The person whose key it is; null where none was given.</param>
    public Result<ApiKeyIssued, ApiKeyRefusal> Create(string name, ApiKeyRole role, DateTimeOffset? expires, string? owner = null) =>
        database.Write((connection, transaction) =>
            new ApiKeyTable(connection, transaction, Instant.Now(timeProvider))
                .Add(name, AccessPolicies.NameOf(role), expires?.ToUnixTimeMilliseconds(), owner));

    /// <summary>Creates a key of the same name, role and duration.</summary>
    /// <param name="overlap">How long the old key stays valid; zero: it is revoked.</param>
    public Result<ApiKeyIssued, ApiKeyRefusal> Rotate(string id, TimeSpan overlap) => database.Write((connection, transaction) =>
    {
        ApiKeyTable table = new(connection, transaction, Instant.Now(timeProvider));
        return Find(connection, transaction, id) is { } key ? table.Rotate(key, overlap) : Unknown(id);
    });

    /// <summary>Ends a key at once. A key that has ended stays as it is.</summary>
    /// <returns>Null when it is done.</returns>
    public ApiKeyRefusal? Revoke(string id) => database.Write((connection, transaction) =>
    {
        ApiKeyTable table = new(connection, transaction, Instant.Now(timeProvider));
        return Find(connection, transaction, id) is { } key ? table.Revoke(key) : Unknown(id);
    });

    private static StoredApiKey? Find(DbConnection connection, DbTransaction? transaction, string id) =>
        connection.QuerySingleOrDefault<StoredApiKey>(
        $"SELECT {StoredApiKey.Columns} FROM api_keys WHERE id = @id", new { id }, transaction);

    private static ApiKeyRefusal Unknown(string id) =>
        new(ApiKeyRefusalReason.Unknown, $"There is no API key '{id}': list them by GET {Routes.ApiKeys} or 'relay api-keys list'.");

    private bool HasAdminKey()
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>(
            "SELECT count(*) FROM api_keys WHERE role = @Admin", new { Admin = AccessPolicies.NameOf(ApiKeyRole.Admin) }) > 0;
    }

    private void Issue(ApiKeyRole role, string name, bool replace, Action<string> show)
    {
        (string id, string text) = ApiKeyText.Create();
        show(text);
        database.Write((connection, transaction) =>
        {
            ApiKeyTable table = new(connection, transaction, Instant.Now(timeProvider));
            if (replace)
            {
                table.RevokeAll(AccessPolicies.NameOf(role));
            }

            table.Insert(id, text, name, AccessPolicies.NameOf(role), expires: null, owner: null);
            return true;
        });
    }
}
