using Dapper;
using Microsoft.Data.Sqlite;

namespace Relay.Server.Storage;

/// <summary>Migrates the schema to this program's version at each start, one committed step at a time.</summary>
internal static class SchemaMigrations
{
    public const int Latest = 26;

    /// <param name="last">The schema to end with.</param>
    public static void Apply(SqliteConnection connection, long last = Latest)
    {
        long version = connection.ExecuteScalar<long>("PRAGMA user_version");
        if (version > Latest)
        {
            throw new RelayStartException(
                $"The database has schema {version}, this relay knows {Latest}: start the newer relay, or restore an older backup.");
        }

        for (; version < last; version++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            connection.Execute(StepFrom(version), transaction: transaction);
            connection.Execute($"PRAGMA user_version = {version + 1}", transaction: transaction);
            transaction.Commit();
        }
    }

    private static string StepFrom(long version) => version switch
    {
        0 => FirstSchema,
        1 => MetricsByTask,
        2 => NodeStandingsAndRevocations,
        3 => ApiKeyRoles,
        4 => NodeKeys,
        5 => FleetCountsSchema.Step,
        6 => Rollouts,
        7 => NodeIntervalsSchema.Step,
        8 => CheckInBytes,
        9 => NodeBansAndVersionSteps,
        10 => Gates,
        11 => DatasetsSchema.Step,
        12 => NodesSeenSchema.Step,
        13 => "ALTER TABLE api_keys ADD COLUMN owner TEXT;",
        14 => AuditSchema.Step,
        15 => IdempotencySchema.Step,
        16 => NodesSeenSchema.WithoutBanned,
        17 => AliasesSchema.Step,
        18 => WebhooksSchema.Step,
        19 => AnnotationsSchema.Step,
        20 => ReplicasSchema.Step,
        21 => ConsoleSchema.Step,
        22 => NodeFiltersSchema.Step,
        23 => FleetSamplesSchema.Step,
        24 => RowRequestsSchema.Step,
        25 => SampleCopiesSchema.Step,
        _ => throw new InvalidOperationException($"No migration from schema {version}."),
    };

    /// <summary>When an operator banned a node; null for one that is not banned. And the API keys
    /// that trained, published and signed versions.</summary>
    private const string NodeBansAndVersionSteps = """
        ALTER TABLE node_keys ADD COLUMN banned_at INTEGER;
        ALTER TABLE training_runs ADD COLUMN started_by TEXT;
        CREATE TABLE version_steps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model TEXT NOT NULL,
            version INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            key TEXT,
            subject TEXT NOT NULL);
        CREATE INDEX version_steps_by_version ON version_steps (model, version, id);
        """;

    /// <summary>Before this step every model was a classifier: its card lacks the task, and macro-F1 is the metric of every version.</summary>
    private const string MetricsByTask = """
        UPDATE model_versions SET card = json_set(card, '$.metrics.task', 'classification');
        ALTER TABLE model_versions DROP COLUMN macro_f1;
        """;

    /// <summary>What a run accepts in advance, and what the gates said of one that they refused.</summary>
    private const string Gates = """
        ALTER TABLE training_runs ADD COLUMN accept TEXT;
        ALTER TABLE training_runs ADD COLUMN gates TEXT;
        """;

    /// <summary>When a node was first seen, the bytes of its reports, and its standing (<c>NodeStanding</c>): the nodes that a relay has so far
    /// keep their places. The reasons of revocations: the signed policy has digests only.</summary>
    private const string NodeStandingsAndRevocations = """
        ALTER TABLE nodes ADD COLUMN first_seen_at INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE nodes ADD COLUMN standing INTEGER NOT NULL DEFAULT 2;
        UPDATE nodes SET
            first_seen_at = min(seen_at, coalesce((SELECT min(seen_at) FROM check_ins WHERE node = nodes.id), seen_at)),
            bytes = length(check_in) + coalesce((SELECT sum(length(check_in)) FROM check_ins WHERE node = nodes.id), 0);
        CREATE INDEX nodes_by_standing ON nodes (standing, seen_at, bytes);

        CREATE TABLE revocations (
            sha256 TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            version INTEGER NOT NULL,
            reason TEXT,
            requested_at INTEGER NOT NULL,
            in_force_at INTEGER);
        """;

    /// <summary>A key has an id, a name and an end. Keys that a relay has so far stay valid: their text has no id, so that it is the first six
    /// bytes of the hash.</summary>
    private const string ApiKeyRoles = """
        CREATE TABLE api_keys_next (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            last_used_at INTEGER,
            revoked_at INTEGER,
            replaced_by TEXT);
        INSERT INTO api_keys_next (id, name, role, hash, created_at)
            SELECT lower(hex(substr(hash, 1, 6))), 'made by an earlier relay', scope, hash, created_at FROM api_keys ORDER BY created_at, rowid;
        DROP TABLE api_keys;
        ALTER TABLE api_keys_next RENAME TO api_keys;
        """;

    /// <summary>Keys of nodes and the tokens by which they enrolled, and with each signed report what proves it. The reports of before are not
    /// signed.</summary>
    private const string NodeKeys = """
        CREATE TABLE enrollment_tokens (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            uses INTEGER NOT NULL CHECK (uses > 0),
            used INTEGER NOT NULL DEFAULT 0 CHECK (used <= uses),
            revoked_at INTEGER);

        CREATE TABLE node_keys (
            node TEXT PRIMARY KEY,
            public_key BLOB NOT NULL,
            identity TEXT NOT NULL UNIQUE,
            enrolled_at INTEGER NOT NULL,
            token INTEGER NOT NULL REFERENCES enrollment_tokens (id),
            last_sequence INTEGER NOT NULL DEFAULT 0);

        ALTER TABLE nodes ADD COLUMN signed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE check_ins ADD COLUMN target TEXT;
        ALTER TABLE check_ins ADD COLUMN signature_input TEXT;
        ALTER TABLE check_ins ADD COLUMN signature TEXT;
        """;

    /// <summary>The bytes of each report, in the index of a node's history as well: to cut a history reads no report.</summary>
    private const string CheckInBytes = """
        ALTER TABLE check_ins ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        UPDATE check_ins SET
            bytes = length(CAST(check_in AS BLOB)) + coalesce(length(target) + length(signature_input) + length(signature), 0);
        DROP INDEX check_ins_by_node;
        CREATE INDEX check_ins_by_node ON check_ins (node, id, bytes);
        """;

    /// <summary>Rollouts, what became of them, and the evidence of those that run: counts per metric, and what is kept of each node so that it
    /// counts once. A channel has one running rollout at most.</summary>
    private const string Rollouts = """
        CREATE TABLE rollouts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version INTEGER NOT NULL DEFAULT 1,
            channel TEXT NOT NULL,
            base_release INTEGER NOT NULL,
            candidate_release INTEGER,
            models TEXT,
            accepts_schema_change INTEGER NOT NULL,
            salt TEXT NOT NULL,
            rule TEXT NOT NULL,
            state TEXT NOT NULL,
            outcome TEXT NOT NULL,
            step TEXT NOT NULL,
            percentage REAL NOT NULL,
            is_published INTEGER NOT NULL DEFAULT 0,
            is_begun INTEGER NOT NULL DEFAULT 0,
            pending TEXT,
            waits_for TEXT,
            summary TEXT,
            started_by TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            finished_at INTEGER);
        CREATE UNIQUE INDEX rollouts_running ON rollouts (channel) WHERE finished_at IS NULL;

        CREATE TABLE rollout_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rollout INTEGER NOT NULL REFERENCES rollouts (id),
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            detail TEXT NOT NULL,
            who TEXT NOT NULL);
        CREATE INDEX rollout_events_by_rollout ON rollout_events (rollout, id);

        CREATE TABLE rollout_evidence (
            rollout INTEGER NOT NULL,
            round INTEGER NOT NULL,
            metric TEXT NOT NULL,
            arm TEXT NOT NULL,
            bin INTEGER NOT NULL,
            nodes INTEGER NOT NULL,
            PRIMARY KEY (rollout, round, metric, arm, bin)) WITHOUT ROWID;

        CREATE TABLE rollout_nodes (
            rollout INTEGER NOT NULL,
            node TEXT NOT NULL,
            arm TEXT,
            standing TEXT NOT NULL,
            seen_at INTEGER NOT NULL,
            ran_since INTEGER,
            usage TEXT NOT NULL,
            facts TEXT NOT NULL,
            PRIMARY KEY (rollout, node)) WITHOUT ROWID;
        CREATE INDEX rollout_nodes_by_standing ON rollout_nodes (rollout, standing, node);
        """;

    /// <summary>Instants are milliseconds since 1970 in UTC. Releases and channels have no tables: the signed repository is
    /// their only record, so that no kill can leave two that differ.</summary>
    private const string FirstSchema = """
        CREATE TABLE api_keys (
            hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
            scope TEXT NOT NULL,
            created_at INTEGER NOT NULL);

        CREATE TABLE models (
            name TEXT PRIMARY KEY,
            spec TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL);

        CREATE TABLE training_runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model TEXT NOT NULL REFERENCES models (name),
            spec TEXT NOT NULL,
            data TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
            cancel_requested INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            version INTEGER,
            fault TEXT,
            fault_detail TEXT,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER);
        CREATE INDEX training_runs_by_state ON training_runs (state, id);

        CREATE TABLE model_versions (
            model TEXT NOT NULL REFERENCES models (name),
            version INTEGER NOT NULL CHECK (version > 0),
            run_id INTEGER NOT NULL REFERENCES training_runs (id),
            sha256 TEXT NOT NULL,
            size_bytes INTEGER NOT NULL,
            signature_sha256 TEXT NOT NULL,
            macro_f1 REAL NOT NULL,
            card TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (model, version));

        CREATE TABLE nodes (
            id TEXT PRIMARY KEY,
            check_in TEXT NOT NULL,
            seen_at INTEGER NOT NULL);

        CREATE TABLE check_ins (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            node TEXT NOT NULL REFERENCES nodes (id),
            check_in TEXT NOT NULL,
            seen_at INTEGER NOT NULL);
        CREATE INDEX check_ins_by_node ON check_ins (node, id);
        """;
}
