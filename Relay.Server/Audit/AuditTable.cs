using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Audit;

/// <summary>Appends to the audit log in a write transaction: of two processes, one waits, so that the chain has no fork.</summary>
internal static class AuditTable
{
    /// <summary>The sequence of the new entry.</summary>
    public static long Append(DbConnection connection, DbTransaction transaction, AuditRecord record, DateTimeOffset at)
    {
        (long sequence, string hash) = FindLast(connection, transaction) ?? (0, AuditChain.Start);
        AuditEntry entry = new()
        {
            Sequence = sequence + 1,

            // As the line says it, to the millisecond.
            At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
            Kind = record.Kind,
            Actor = record.Actor,
            Action = record.Action,
            Subject = record.Subject,
            AnswerTo = record.AnswerTo,
            Status = record.Status,
            Details = record.Details,
            Previous = hash,
        };
        string line = AuditChain.ToLine(entry);
        connection.Execute(
            """
            INSERT INTO audit_log (sequence, at, kind, actor, action, line, hash)
            VALUES (@Sequence, @milliseconds, @Kind, @Actor, @Action, @line, @Hash)
            """,
            new
            {
                entry.Sequence,
                milliseconds = entry.At.ToUnixTimeMilliseconds(),
                entry.Kind,
                entry.Actor,
                entry.Action,
                line,
                Hash = AuditChain.Hash(line),
            },
            transaction);
        return entry.Sequence;
    }

    /// <summary>The last entry; null when there is none.</summary>
    public static (long Sequence, string Hash)? FindLast(DbConnection connection, DbTransaction? transaction) => connection
        .Query<(long, string)>("SELECT sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1", transaction: transaction)
        .Select(row => ((long, string)?)row)
        .FirstOrDefault();
}
