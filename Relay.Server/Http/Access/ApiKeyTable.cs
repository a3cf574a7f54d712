using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Access;

/// <summary>The rows of API keys, inside one transaction: what it decides and what it writes are one step.</summary>
internal sealed class ApiKeyTable(DbConnection connection, DbTransaction transaction, long now)
{
    /// <summary>Makes a key, if there is room for it.</summary>
    public Result<ApiKeyIssued, ApiKeyRefusal> Add(string name, string role, long? expires, string? owner)
    {
        if (!MakeRoom())
        {
            return new ApiKeyRefusal(
                ApiKeyRefusalReason.TooMany,
                $"The relay keeps {ApiKeyStore.MaximumKeys} API keys, and all of them are valid: revoke those that are not used.");
        }

        (string id, string text) = ApiKeyText.Create();
        Insert(id, text, name, role, expires, owner);
        return new ApiKeyIssued(text, new ApiKeyView
        {
            Id = id,
            Name = name,
            Owner = owner,
            Role = role,
            State = "valid",
            CreatedAt = Instant.FromMilliseconds(now),
            ExpiresAt = Instant.FromMilliseconds(expires),
        });
    }

    public void Insert(string id, string text, string name, string role, long? expires, string? owner) => connection.Execute(
        """
        INSERT INTO api_keys (id, name, role, hash, created_at, expires_at, owner) VALUES (@id, @name, @role, @Hash, @now, @expires, @owner)
        """,
        new { id, name, role, Hash = ApiKeyText.Hash(text), now, expires, owner },
        transaction);

    public Result<ApiKeyIssued, ApiKeyRefusal> Rotate(StoredApiKey key, TimeSpan overlap)
    {
        if (key.FindRefusal(now) is { } ended)
        {
            return ended;
        }

        if (key.ReplacedBy is { } successor)
        {
            return new ApiKeyRefusal(ApiKeyRefusalReason.AlreadyRotated, $"API key {key.Id} was rotated before: {successor} replaces it.");
        }

        Result<ApiKeyIssued, ApiKeyRefusal> issued = Add(key.Name, key.Role, now + (key.ExpiresAt - key.CreatedAt), key.Owner);
        if (issued.Value is { } next)
        {
            long last = Math.Min(key.ExpiresAt ?? long.MaxValue, now + (long)overlap.TotalMilliseconds);
            connection.Execute(
                overlap == TimeSpan.Zero
                    ? "UPDATE api_keys SET replaced_by = @Successor, revoked_at = @now WHERE id = @Id"
                    : "UPDATE api_keys SET replaced_by = @Successor, expires_at = @last WHERE id = @Id",
                new { Successor = next.Key.Id, key.Id, now, last },
                transaction);
        }

        return issued;
    }

    /// <returns>Null when it is done.</returns>
    public ApiKeyRefusal? Revoke(StoredApiKey key)
    {
        if (key.FindRefusal(now) is not null)
        {
            return null;
        }

        if (key.Role == AccessPolicies.NameOf(ApiKeyRole.Admin) && !HasOtherAdminKey(key))
        {
            return new(
                ApiKeyRefusalReason.LastAdminKey,
                $"No other admin key is valid for as long as {key.Id}: replace it by 'relay api-keys rotate {key.Id} --overlap 0', or " +
                    $"create another admin key first.");
        }

        connection.Execute("UPDATE api_keys SET revoked_at = @now WHERE id = @Id", new { now, key.Id }, transaction);
        return null;
    }

    public void RevokeAll(string role) => connection.Execute(
        "UPDATE api_keys SET revoked_at = @now WHERE role = @role AND revoked_at IS NULL", new { now, role }, transaction);

    /// <summary>A relay whose last admin key is gone can only be helped on its machine.</summary>
    private bool HasOtherAdminKey(StoredApiKey key) => connection.ExecuteScalar<long>(
        """
        SELECT count(*) FROM api_keys
        WHERE role = @Role AND id <> @Id AND revoked_at IS NULL AND (expires_at IS NULL OR (expires_at > @now AND expires_at >= @ExpiresAt))
        """,
        new { key.Role, key.Id, now, key.ExpiresAt }, transaction) > 0;

    private bool MakeRoom()
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM api_keys", transaction: transaction) < ApiKeyStore.MaximumKeys)
        {
            return true;
        }

        if (connection.QueryFirstOrDefault<string>(
            "SELECT id FROM api_keys WHERE revoked_at IS NOT NULL OR expires_at <= @now ORDER BY number LIMIT 1",
            new { now }, transaction) is not { } old)
        {
            return false;
        }

        // The key before it stays in the succession: whose key is whose is asked of keys that are valid.
        connection.Execute(
            """
            UPDATE api_keys SET replaced_by = coalesce((SELECT replaced_by FROM api_keys WHERE id = @old), @old) WHERE replaced_by = @old;
            DELETE FROM api_keys WHERE id = @old;
            """,
            new { old }, transaction);
        return true;
    }
}
