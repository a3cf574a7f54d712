using System.Data.Common;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;

namespace Relay.Server.Audit;

/// <summary>The log of all changes that people, programs and the relay itself made. Entries are added and never changed or deleted.</summary>
internal sealed class AuditLog(RelayDatabase database, TimeProvider timeProvider)
{
    private const int LinesAtOnce = 1000;

    /// <summary>The sequence of the new entry, which is on the disk.</summary>
    /// <exception cref="DbException">It cannot be written.</exception>
    public long Append(AuditRecord record) => database.Write((connection, transaction) => Append(connection, transaction, record));

    /// <summary>The same, with what else the transaction writes.</summary>
    public long Append(DbConnection connection, DbTransaction transaction, AuditRecord record) =>
        AuditTable.Append(connection, transaction, record, timeProvider.GetUtcNow());

    /// <summary>The newest first.</summary>
    /// <param name="before">A sequence; null: from the end.</param>
    public IReadOnlyList<AuditEntry> List(AuditFilter filter, long? before, int limit)
    {
        using DbConnection connection = database.Open();
        return
        [
            .. connection
                .Query<string>(
                    """
                    SELECT line FROM audit_log
                    WHERE (@before IS NULL OR sequence < @before) AND (@Actor IS NULL OR actor = @Actor) AND (@Kind IS NULL OR kind = @Kind)
                        AND (@Action IS NULL OR instr(action, @Action) > 0) AND (@since IS NULL OR at >= @since) AND (@until IS NULL OR at < @until)
                    ORDER BY sequence DESC LIMIT @limit
                    """,
                    new
                    {
                        before, filter.Actor, filter.Kind, filter.Action, limit,
                        since = filter.Since?.ToUnixTimeMilliseconds(), until = filter.Until?.ToUnixTimeMilliseconds(),
                    })
                .Select(line => AuditChain.TryRead(line) ?? throw new InvalidDataException("The audit log has a line that is no entry.")),
        ];
    }

    /// <summary>The exact lines, the oldest first.</summary>
    /// <param name="after">A sequence; 0: from the first.</param>
    /// <param name="end">The sequence of the last line; null: of the entry that is the last at the call.</param>
    public IEnumerable<string> ReadLines(long after, long? end = null)
    {
        long last = Math.Min(end ?? long.MaxValue, FindLast()?.Sequence ?? 0);
        while (after < last)
        {
            string[] lines = ReadPage(after, last);
            if (lines.Length == 0)
            {
                yield break;
            }

            foreach (string line in lines)
            {
                yield return line;
            }

            after += lines.Length;
        }
    }

    public (long Sequence, string Hash)? FindLast()
    {
        using DbConnection connection = database.Open();
        return AuditTable.FindLast(connection, null);
    }

    private string[] ReadPage(long after, long last)
    {
        using DbConnection connection = database.Open();
        return
        [
            .. connection.Query<string>(
                "SELECT line FROM audit_log WHERE sequence > @after AND sequence <= @last ORDER BY sequence LIMIT @LinesAtOnce",
                new { after, last, LinesAtOnce }),
        ];
    }
}
