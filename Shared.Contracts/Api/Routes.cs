namespace Shared.Contracts.Api;

/// <summary>Paths of the relay's HTTP API.</summary>
public static partial class Routes
{
    public const int DefaultPort = 60002;

    /// <summary>TUF metadata; every file but <c>timestamp.json</c> is immutable.</summary>
    public const string Metadata = "/v1/repository/metadata";

    /// <summary>TUF targets by path with their SHA-256 before the file name.</summary>
    public const string Targets = "/v1/repository/targets";

    /// <summary>POST of a <see cref="CheckIn"/>; {id} is the node's.</summary>
    public const string CheckIns = "/v1/nodes/{id}/check-ins";
    public const string Nodes = "/v1/nodes";

    /// <summary>GET of the <see cref="NodeIntervalView"/>s of a node; with <c>at</c>: of a <see cref="NodeHistoryAnswer"/>.</summary>
    public const string History = "/v1/nodes/{id}/history";

    /// <summary>GET of the documents behind an answer, as one tar archive.</summary>
    public const string HistoryEvidence = "/v1/nodes/{id}/history/evidence";

    /// <summary>GET of a <see cref="FleetView"/>.</summary>
    public const string Fleet = "/v1/fleet";

    /// <summary>GET of a <see cref="Api.FleetAdoption"/>.</summary>
    public const string FleetAdoption = "/v1/fleet/adoption";

    /// <summary>POST of a <see cref="NodeEnrollment"/>, signed with the key in it.</summary>
    public const string Enroll = "/v1/nodes/enroll";

    /// <summary>The tokens with which nodes enroll.</summary>
    public const string EnrollmentTokens = "/v1/enrollment-tokens";
    public const string Models = "/v1/models";
    public const string TrainingRuns = "/v1/training-runs";

    /// <summary>What starts training runs by itself: GET of the <see cref="TrainingTriggerView"/> of each, POST of a
    /// <see cref="TrainingTriggerRequest"/>.</summary>
    public const string Triggers = "/v1/training-triggers";

    /// <summary>Datasets: GET of the <see cref="DatasetView"/> of each, POST of a <see cref="Shared.Contracts.Datasets.DatasetSpec"/>.</summary>
    public const string Datasets = "/v1/datasets";
    public const string Channels = "/v1/channels";
    public const string Releases = "/v1/releases";

    /// <summary>GET of server-sent events (<see cref="RelayEvents"/>).</summary>
    public const string Events = "/v1/events";

    /// <summary>Rollouts: GET of all, POST of a <see cref="RolloutRequest"/>.</summary>
    public const string Rollouts = "/v1/rollouts";

    /// <summary>GET of a <see cref="TrustView"/>.</summary>
    public const string Trust = "/v1/trust";

    /// <summary>GET of the <see cref="RevocationView"/> of each revoked version.</summary>
    public const string Revocations = "/v1/revocations";

    /// <summary>Publications that wait for signatures.</summary>
    public const string Pending = "/v1/pending";

    /// <summary>API keys: <see cref="ApiKeyView"/>.</summary>
    public const string ApiKeys = "/v1/api-keys";

    /// <summary>Webhooks: GET of the <see cref="WebhookView"/> of each, POST of a <see cref="WebhookRequest"/>.</summary>
    public const string Webhooks = "/v1/webhooks";

    /// <summary>GET of each <see cref="WebhookEvent"/> that the relay keeps, the oldest first.</summary>
    public const string WebhookEvents = "/v1/webhooks/events";

    /// <summary>The audit log: GET of each <see cref="AuditEntry"/>, the newest first.</summary>
    public const string Audit = "/v1/audit";

    /// <summary>GET of the lines of the audit log as NDJSON, the oldest first.</summary>
    public const string AuditExport = "/v1/audit/export";

    /// <summary>GET of the <see cref="SignedAuditHead"/> of the audit log as it is now.</summary>
    public const string AuditHead = "/v1/audit/head";

    /// <summary>GET of each <see cref="SignedAuditHead"/> that the relay has kept, the oldest first.</summary>
    public const string AuditHeads = "/v1/audit/heads";

    /// <summary>The header with the OpenSSF model signature of an imported file: a Sigstore bundle in base64.</summary>
    public const string ModelSignatureHeader = "Relay-Model-Signature";

    /// <summary>The header with what that signature is verified by: the giver's certificate, its
    /// authority's, or a public key, as PEM in base64.</summary>
    public const string GiverHeader = "Relay-Model-Giver";

    /// <summary>The header of a change with a text that its sender makes for this change alone: sent again, it is not made again.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>The header of an answer that repeats the one to an earlier request with the same key.</summary>
    public const string IdempotencyReplayedHeader = "Idempotency-Replayed";

    /// <summary>The header of an export with the number of the last sample or label in it.</summary>
    public const string PositionHeader = "Relay-Position";

    /// <summary>The short routes of the older relay.</summary>
    public const string LegacyList = "/models/list";
    public const string LegacyArtifact = "/models/{name}.onnx";
    public const string LegacyStats = "/stats";

    /// <summary>GET of a <see cref="DatasetView"/>, PUT of a <see cref="Shared.Contracts.Datasets.DatasetSpec"/>, DELETE.</summary>
    public static string DatasetOf(string name) => $"{Datasets}/{Uri.EscapeDataString(name)}";

    /// <summary>POST of samples in a form of <see cref="Shared.Contracts.Datasets.SampleBounds"/>; answers with an
    /// <see cref="UploadReport"/>.</summary>
    public static string SamplesOf(string dataset) => $"{DatasetOf(dataset)}/samples";

    /// <summary>POST of labels, each with the id of a sample, in a form of
    /// <see cref="Shared.Contracts.Datasets.SampleBounds"/>; answers with an <see cref="UploadReport"/>.</summary>
    public static string LabelsOf(string dataset) => $"{DatasetOf(dataset)}/labels";

    /// <summary>GET of the rows that a run took of a dataset, as the file that it trained on.</summary>
    /// <param name="part">train or test.</param>
    public static string RowsOf(long run, string part) => $"{TrainingRuns}/{run}/rows/{part}";

    /// <summary>GET of a <see cref="TrainingTriggerView"/>, DELETE; with /pause or /resume: POST.</summary>
    public static string TriggerOf(long id) => $"{Triggers}/{id}";

    /// <summary>GET of the samples; <see cref="Shared.Contracts.Nodes.ContentDigest.Header"/> has their digest and <see cref="PositionHeader"/> the
    /// number of the last one.</summary>
    /// <param name="format">csv, ndjson or parquet.</param>
    public static string ExportOf(string dataset, string format) => $"{DatasetOf(dataset)}/export?format={format}";

    /// <summary>POST of a <see cref="ForgetRequest"/>; answers with a <see cref="ForgetReport"/>.</summary>
    public static string ForgetOf(string dataset) => $"{DatasetOf(dataset)}/forget";

    /// <summary>GET of a <see cref="WebhookView"/>, DELETE; with /pause, /resume or /test: POST.</summary>
    public static string WebhookOf(long id) => $"{Webhooks}/{id}";

    /// <summary>GET of a <see cref="TrainingRun"/>; with /cancel: POST; with /events: server-sent events.</summary>
    public static string RunOf(long id) => $"{TrainingRuns}/{id}";

    /// <summary>GET of a <see cref="TrainingCurve"/>.</summary>
    public static string CurveOf(long run) => $"{RunOf(run)}/curve";

    /// <summary>GET of the lines that a run wrote, as plain text; with ?after=N without the first N.</summary>
    public static string LogOf(long run) => $"{RunOf(run)}/log";

    /// <summary>GET of a <see cref="PendingView"/>, DELETE; with /signatures: POST of a <see cref="PendingSignature"/>.</summary>
    public static string PendingOf(string id) => $"{Pending}/{Uri.EscapeDataString(id)}";

    /// <summary>DELETE: revokes the token.</summary>
    public static string EnrollmentTokenOf(long id) => $"{EnrollmentTokens}/{id}";

    public static string RolloutOf(long id) => $"{Rollouts}/{id}";

    public static string ChannelOf(string channel) => $"{Channels}/{Uri.EscapeDataString(channel)}";

    public static string ReleaseOf(string channel) => $"{Channels}/{Uri.EscapeDataString(channel)}/release";

    public static string ApiKeyOf(string id) => $"{ApiKeys}/{Uri.EscapeDataString(id)}";

    public static string NodeOf(string nodeId) => $"{Nodes}/{Uri.EscapeDataString(nodeId)}";

    /// <summary>GET of a CycloneDX document: what a node runs.</summary>
    public static string NodeBomOf(string nodeId) => $"{NodeOf(nodeId)}/bom";

    public static string HistoryOf(string nodeId) => $"{NodeOf(nodeId)}/history";

    /// <summary>POST: nothing that the node's key signs is accepted from then on.</summary>
    public static string BanOf(string nodeId) => $"{NodeOf(nodeId)}/ban";

    /// <summary>POST: ends a ban.</summary>
    public static string UnbanOf(string nodeId) => $"{NodeOf(nodeId)}/unban";

    public static string CheckInsOf(string nodeId) => $"{Nodes}/{Uri.EscapeDataString(nodeId)}/check-ins";
}
