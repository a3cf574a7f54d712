using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Access;

/// <summary>API keys, stored as SHA-256: a key is 256 random bits, so a slow hash would not protect it better.</summary>
internal sealed class ApiKeys(RelayDatabase database, TimeProvider timeProvider)
{
    private const string AdminScope = "admin";
    private const string ApproverScope = "approver";

    /// <summary>Creates the first admin key, or a new one that replaces all others.</summary>
    /// <param name="show">Called before the key is stored. After a kill in between, the next start shows another key; the reverse order
    /// could leave a valid key that was never shown.</param>
    public void EnsureAdminKey(bool replace, Action<string> show)
    {
        if (replace || !HasAdminKey())
        {
            Issue(AdminScope, replace: true, show);
        }
    }

    /// <summary>Creates a further key for an approver, or one that replaces all earlier ones.</summary>
    /// <param name="show">Called before the key is stored.</param>
    public void IssueApproverKey(bool replace, Action<string> show) => Issue(ApproverScope, replace, show);

    /// <summary>The role of a key; null for an unknown key.</summary>
    public ApiKeyRole? FindRole(string key)
    {
        byte[] presented = Hash(key);
        using DbConnection connection = database.Open();
        string? scope = null;

        // Every stored hash is compared in full, so that the duration reveals nothing about a guess.
        foreach ((byte[] hash, string storedScope) in connection.Query<(byte[], string)>("SELECT hash, scope FROM api_keys"))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, presented))
            {
                scope = storedScope;
            }
        }

        return AccessPolicies.RoleNamed(scope);
    }

    private bool HasAdminKey()
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM api_keys WHERE scope = @AdminScope", new { AdminScope }) > 0;
    }

    private void Issue(string scope, bool replace, Action<string> show)
    {
        string key = "relay_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        show(key);
        database.Write((connection, transaction) =>
        {
            if (replace)
            {
                connection.Execute("DELETE FROM api_keys WHERE scope = @scope", new { scope }, transaction);
            }

            return connection.Execute(
                "INSERT INTO api_keys (hash, scope, created_at) VALUES (@Hash, @scope, @Now)",
                new { Hash = Hash(key), scope, Now = Instant.Now(timeProvider) },
                transaction);
        });
    }

    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
