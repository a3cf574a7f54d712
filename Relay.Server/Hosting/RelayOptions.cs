using System.Net;
using Relay.Server.Fleet;
using Relay.Server.Http.Tls;
using Relay.Server.ObjectStore;
using Relay.Server.Repository.Pruning;
using Relay.Server.Retention;
using Relay.Server.Storage.Folders;
using Relay.Server.Telemetry;
using Relay.Server.Training;
using Shared.Contracts.Api;

namespace Relay.Server.Hosting;

/// <summary>The settings of a relay.</summary>
internal sealed record RelayOptions
{
    public const int DefaultRequestsPerSecondAndAddress = 1000;
    public const int DefaultMaximumNodes = 10_000;
    public const int DefaultMaximumEventStreams = 10_000;

    /// <summary>The data folder; the relay creates it if it is missing.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The connection string of a PostgreSQL database that has the rows; null: a file in the data folder has them.</summary>
    public string? Server { get; init; }

    /// <summary>The file with the key under which the database has the files of the data folder; null: it has none of them.</summary>
    public string? FolderKeyFile { get; init; }

    /// <summary>What this process knows of those files: each turn of a relay begins with it.</summary>
    public FolderDigests FolderDigests { get; init; } = new();

    /// <summary>Its place among several relays on one database; null: it has that and its data folder alone.</summary>
    public ReplicaSettings? Replica { get; init; }

    /// <summary>The lock of the database where it was taken before; the relay releases it. Null: the relay takes it, or is refused.</summary>
    public IDisposable? DatabaseLock { get; init; }

    /// <summary>The bucket that receives a copy of what nodes download; null: none.</summary>
    public ObjectStoreSettings? ObjectStore { get; init; }

    /// <summary>The online half of a key ceremony, copied into the data folder at the first start; null: the relay creates all
    /// keys.</summary>
    public string? KeysFolder { get; init; }

    /// <summary>The file with the passphrase of the keys; null: the one that the key folder names, if its keys are encrypted.</summary>
    public string? KeyPassphraseFile { get; init; }

    /// <summary>The HTTPS port; 0: a free one.</summary>
    public int Port { get; init; } = Routes.DefaultPort;

    /// <summary>The address to listen on; null: all of them.</summary>
    public IPAddress? Address { get; init; }

    public ServerTlsOptions Tls { get; init; } = new();

    /// <summary>The folder that holds training files; null: no training from files.</summary>
    public string? DatasetsFolder { get; init; }

    /// <summary>Creates a new admin key and revokes the old ones, for an operator who lost it.</summary>
    public bool NewAdminKey { get; init; }

    /// <summary>Lets a relay that lost a part of its folder begin anew without it; what is left of the part is set aside.</summary>
    public bool StartAnew { get; init; }

    /// <summary>Lets a relay sign whose clock is far ahead of its newest signature, because it was off for so long.</summary>
    public bool ClockIsRight { get; init; }

    /// <summary>Shows a new admin key, once: the relay stores only its hash.</summary>
    public Action<string> ShowAdminKey { get; init; } = key => Console.Out.WriteLine($"Admin key, shown only this once: {key}");

    /// <summary>Shows advice to the operator, once, at the first start.</summary>
    public Action<string> ShowNotice { get; init; } = Console.Out.WriteLine;

    /// <summary>Adds services beside the relay's own: what describes its routes needs some.</summary>
    public Action<IServiceCollection>? MoreServices { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>The form of the log.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Requests per second that one node, or one address without a signature, may send to the routes of nodes, with bursts of five times
    /// as many; 0: no limit.</summary>
    public int RequestsPerSecondAndAddress { get; init; } = DefaultRequestsPerSecondAndAddress;

    /// <summary>Connections that one client address may have open; 0: a quarter of all, and no bound for programs on this machine.</summary>
    public int ConnectionsPerAddress { get; init; }

    /// <summary>Networks of proxies whose <c>X-Forwarded-For</c> names the client's address.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Metadata and artifacts are read without a credential.</summary>
    public bool OpenArtifacts { get; init; }

    /// <summary>Nodes that have not enrolled report without a credential.</summary>
    public bool OpenCheckIns { get; init; }

    /// <summary>Metrics are read without a credential.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>Webhooks may be at private, loopback and link-local addresses.</summary>
    public bool PrivateWebhooks { get; init; }

    /// <summary>The number of nodes that the relay enrolls, and whose reports it keeps.</summary>
    public int MaximumNodes { get; init; } = DefaultMaximumNodes;

    /// <summary>How long the history of what enrolled nodes ran is kept, and with it the metadata that it rests on.</summary>
    public TimeSpan HistoryTime { get; init; } = NodeLimits.DefaultRetention;

    /// <summary>Which training runs and unpublished versions go by themselves.</summary>
    public RetentionRules Retention { get; init; } = new();

    /// <summary>Which releases stay in the signed metadata after no channel names them any more.</summary>
    public PruningRules Pruning { get; init; } = new();

    /// <summary>How many training runs and versions a model may have.</summary>
    public TrainingLimits TrainingLimits { get; init; } = new();

    /// <summary>The bytes that the data folder may have; 0: no limit.</summary>
    public long MaximumDataBytes { get; init; }

    /// <summary>The number of event streams that may be open; 0: the relay offers none.</summary>
    public int MaximumEventStreams { get; init; } = DefaultMaximumEventStreams;

    /// <summary>The pace that nodes are asked to poll at, in seconds; 0: their own.</summary>
    public int PollSeconds { get; init; }

    /// <summary>The JSON file that names the issuers whose tokens are accepted; null: API keys only.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>Where traces and metrics are exported to.</summary>
    public TelemetrySettings Telemetry { get; init; } = TelemetrySettings.None;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
