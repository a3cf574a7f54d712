using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage;

namespace Relay.Server.Http.Access;

/// <summary>API keys. Keys are 256 random bits, so one SHA-256 hides them as well as a slow hash would.</summary>
internal sealed class ApiKeys(RelayDatabase database, TimeProvider timeProvider)
{
    public const string AdminScope = "admin";

    /// <summary>May see pending publications and send signatures for them, and nothing else.</summary>
    public const string ApproverScope = "approver";

    /// <summary>Makes the first admin key, or a new one that replaces all others.</summary>
    /// <param name="show">Called before the key is stored: a kill in between leaves a key that was shown and does not work,
    /// and the next start shows another, never a key that works and that nobody saw.</param>
    public void EnsureAdminKey(bool replace, Action<string> show)
    {
        using SqliteConnection connection = database.Open();
        if (!replace && connection.ExecuteScalar<long>("SELECT count(*) FROM api_keys WHERE scope = @AdminScope", new { AdminScope }) > 0)
        {
            return;
        }

        Issue(connection, AdminScope, replace: true, show);
    }

    /// <summary>Makes one more key for an approver, or one that replaces all earlier ones.</summary>
    /// <param name="show">As above.</param>
    public void IssueApproverKey(bool replace, Action<string> show)
    {
        using SqliteConnection connection = database.Open();
        Issue(connection, ApproverScope, replace, show);
    }

    /// <summary>The scope of a key; null when the relay does not know it.</summary>
    public string? ScopeOf(string key)
    {
        byte[] presented = HashOf(key);
        using SqliteConnection connection = database.Open();
        string? scope = null;

        // Every stored hash is compared in full, so that the time says nothing of how near a guess came.
        foreach ((byte[] hash, string itsScope) in connection.Query<(byte[], string)>("SELECT hash, scope FROM api_keys"))
        {
            if (CryptographicOperations.FixedTimeEquals(hash, presented))
            {
                scope = itsScope;
            }
        }

        return scope;
    }

    private void Issue(SqliteConnection connection, string scope, bool replace, Action<string> show)
    {
        string key = "relay_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        show(key);
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (replace)
        {
            connection.Execute("DELETE FROM api_keys WHERE scope = @scope", new { scope }, transaction);
        }

        connection.Execute(
            "INSERT INTO api_keys (hash, scope, created_at) VALUES (@Hash, @scope, @Now)",
            new { Hash = HashOf(key), scope, Now = Instant.Now(timeProvider) },
            transaction);
        transaction.Commit();
    }

    internal static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
