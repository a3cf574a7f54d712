namespace Relay.Server.Storage;

/// <summary>The relay that works, of several on one database: where the others send what they are asked, and the secret by which it knows them.
/// A relay that is alone leaves the table empty. And the process that has a run, with how far it is: null where the relay itself
/// has it; and the steps of traces, which one process takes after another.</summary>
internal static class ReplicasSchema
{
    public const string Step = """
        CREATE TABLE active_relay (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            address TEXT NOT NULL,
            secret TEXT NOT NULL,
            since INTEGER NOT NULL);

        CREATE TABLE trace_steps (
            step TEXT PRIMARY KEY,
            traceparent TEXT NOT NULL,
            at INTEGER NOT NULL);

        ALTER TABLE training_runs ADD COLUMN worker INTEGER;
        ALTER TABLE training_runs ADD COLUMN stage TEXT;
        ALTER TABLE training_runs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE training_runs ADD COLUMN total INTEGER;
        """;
}
