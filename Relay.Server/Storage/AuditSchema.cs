namespace Relay.Server.Storage;

/// <summary>The audit log and the heads that the relay signed. The triggers stop a mistake; what stops a forger is the chain and a head that
/// somebody else keeps.</summary>
internal static class AuditSchema
{
    public const string Step = """
        CREATE TABLE audit_log (
            sequence INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            line TEXT NOT NULL,
            hash TEXT NOT NULL);
        CREATE INDEX audit_log_by_actor ON audit_log (actor, sequence);
        CREATE TABLE audit_heads (
            sequence INTEGER PRIMARY KEY,
            document BLOB NOT NULL,
            signature BLOB NOT NULL);

        CREATE TRIGGER audit_log_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log takes new entries only'); END;
        CREATE TRIGGER audit_log_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log takes new entries only'); END;
        """;
}
