using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Identity;

namespace Relay.Server.Fleet.Enrollment;

/// <summary>The keys of nodes and the tokens by which they enroll, inside one transaction, or outside of one for a look.</summary>
internal sealed class EnrollmentTable(DbConnection connection, DbTransaction? transaction, NodeLimits limits, long now)
{
    /// <summary>What the request would come to; <see cref="EnrollmentOutcome.Enrolled"/> when nothing stands against it.</summary>
    public EnrollmentOutcome Check(string node, NodePublicKey key, byte[] tokenHash)
    {
        (string Node, string Identity, bool IsBanned)[] taken = [.. connection.Query<(string, string, bool)>(
            "SELECT node, identity, banned_at IS NOT NULL FROM node_keys WHERE node = @node OR identity = @Identity", new { node, key.Identity },
                transaction)];
        if (taken.FirstOrDefault(one => one.Node == node && one.Identity == key.Identity) is { Node: not null } same)
        {
            // It holds the key, so that it needs no token any more.
            return same.IsBanned ? EnrollmentOutcome.Banned : EnrollmentOutcome.AlreadyEnrolled;
        }

        // The token comes first: without one, nothing is said about which nodes there are.
        return CheckToken(tokenHash) is { } refused ? refused
            : taken.Any(one => one.Node == node) ? EnrollmentOutcome.NodeExists
            : taken.Length > 0 ? EnrollmentOutcome.KeyExists
            : connection.ExecuteScalar<long>("SELECT count(*) FROM node_keys", transaction: transaction) >= limits.Nodes ? EnrollmentOutcome.Full
            : EnrollmentOutcome.Enrolled;
    }

    /// <summary>Takes one use of the token and stores the key, or neither.</summary>
    public EnrollmentOutcome Enroll(string node, NodePublicKey key, byte[] tokenHash)
    {
        EnrollmentOutcome outcome = Check(node, key, tokenHash);
        if (outcome == EnrollmentOutcome.Enrolled)
        {
            connection.Execute(
                """
                INSERT INTO node_keys (node, public_key, identity, enrolled_at, token)
                VALUES (@node, @SubjectPublicKeyInfo, @Identity, @now, (SELECT id FROM enrollment_tokens WHERE hash = @tokenHash));
                UPDATE enrollment_tokens SET used = used + 1 WHERE hash = @tokenHash;
                UPDATE nodes SET standing = @enrolled WHERE id = @node;
                """,
                new { node, key.SubjectPublicKeyInfo, key.Identity, now, tokenHash, enrolled = (int)NodeStanding.Enrolled }, transaction);
        }

        return outcome;
    }

    private EnrollmentOutcome? CheckToken(byte[] tokenHash)
    {
        (long ExpiresAt, long Uses, long Used, bool Revoked)[] tokens = [.. connection.Query<(long, long, long, bool)>(
            "SELECT expires_at, uses, used, revoked_at IS NOT NULL FROM enrollment_tokens WHERE hash = @tokenHash", new { tokenHash }, transaction)];
        return tokens switch
        {
            [] => EnrollmentOutcome.TokenUnknown,
            [{ Revoked: true }] => EnrollmentOutcome.TokenRevoked,
            [var token] when token.ExpiresAt <= now => EnrollmentOutcome.TokenExpired,
            [var token] when token.Used >= token.Uses => EnrollmentOutcome.TokenUsedUp,
            _ => null,
        };
    }
}
