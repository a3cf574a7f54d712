using Polly;
using Sync.Client.Scoring;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client;

/// <summary>The options of a node. They are validated when the host starts.</summary>
public sealed class RelaySyncOptions
{
    /// <summary>The relay, <c>https</c> only, for example <c>https://relay:60002</c>. Null where there are only mirrors, or where
    /// the node is <see cref="AirGapped"/>.</summary>
    public Uri? Relay { get; set; }

    /// <summary>Copies of the relay's repository, <c>https</c> only, each the address of a folder that <c>relay mirror</c> wrote
    /// (it contains <c>metadata/</c> and <c>targets/</c>). Used in this order for what the relay does not serve, or serves wrong. Check-ins
    /// go to the relay alone.</summary>
    public IList<Uri> Mirrors { get; } = [];

    /// <summary>Hosts to which the relay may send this node for artifacts, such as <c>s3.example.com</c> or <c>10.0.0.7:9000</c>: those of an object
    /// store that the relay keeps a copy in. The bytes are verified as those of the relay, and the host gets no credential of the node. What fails
    /// there is downloaded from the relay. Default empty: no redirect is followed.</summary>
    public IList<string> RedirectHosts { get; } = [];

    /// <summary>Path of the PEM certificates that the TLS certificates of mirrors and of <see cref="RedirectHosts"/> must chain to. Default null:
    /// the system's trust.</summary>
    public string? MirrorTlsRoot { get; set; }

    /// <summary>True for a node without network: it sends no requests, and releases arrive by <see cref="SyncClient.ImportAsync"/>. Default
    /// false.</summary>
    public bool AirGapped { get; set; }

    /// <summary>Path of the TUF root metadata of the installation, from the relay's operator: all trust of the node starts from it.</summary>
    public string TrustedRoot { get; set; } = "";

    /// <summary>Path of the PEM certificates that the relay's TLS certificate must chain to. Default null: the system's trust.</summary>
    public string? TlsRoot { get; set; }

    /// <summary>The enrollment token by which the relay takes this node's key, once: the relay's operator makes it by <c>relay enroll-token</c>. For
    /// secrets of a configuration; a file is safer (<see cref="EnrollmentTokenFile"/>). Default null.</summary>
    public string? EnrollmentToken { get; set; }

    /// <summary>Path of a file with the enrollment token, read when the relay does not know this node's key. It need not exist at other times.
    /// Default null.</summary>
    public string? EnrollmentTokenFile { get; set; }

    /// <summary>Folder of this node's own store, for one process at a time. Default <c>relay-store</c> in the working folder.</summary>
    public string StoreFolder { get; set; } = "relay-store";

    /// <summary>Names this node in check-ins; stable over restarts. Default the machine's name.</summary>
    public string NodeId { get; set; } = Environment.MachineName;

    /// <summary>The channel to follow. Default <c>stable</c>.</summary>
    public string Channel { get; set; } = "stable";

    /// <summary>The models this node runs. A release that lacks one of them is refused as a whole.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>The scorer that runs models. Default <see cref="ScorerChoice.Auto"/>.</summary>
    public ScorerChoice Scorer { get; set; } = ScorerChoice.Auto;

    /// <summary>Mean time between polls; each wait is between 0.8 and 1.2 times as long. Default 30 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>True to keep an event stream of the relay open while the host runs, so that a change arrives at once; polls go on, at a pace that the
    /// relay may slow to a tenth, or to 5 minutes. An event is never trusted: it only starts an update. Default true.</summary>
    public bool Push { get; set; } = true;

    /// <summary>Time for which usage (calls, failures, latency, labels and scores of each version) is summed up to one report to the relay, at least.
    /// Default 5 minutes, at which usage takes 4 KB an hour or less; a shorter one takes more in proportion.</summary>
    public TimeSpan UsageInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The times of the week in which a new release may become active, by the clock of a time zone: <c>Mon-Fri 22:00-04:00
    /// Europe/Berlin</c>. Several are separated by <c>;</c>; days may be left out for every day, and the time zone
    /// for the machine's own. Outside of it a new release is
    /// downloaded, verified and tried out at once, and becomes active when the window opens. A first release, a return to an earlier one, and what
    /// replaces a revoked release never wait. Default null: always.</summary>
    public string? MaintenanceWindow { get; set; }

    /// <summary>The HTTP proxy between the node and its servers, such as <c>http://proxy:3128</c>. Default null: that of the system, by
    /// <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>.</summary>
    public Uri? Proxy { get; set; }

    /// <summary>Changes the handler of the network (a proxy with credentials, a client certificate), or puts handlers of the app before it. It is
    /// called
    /// for each server, gets the handler with the TLS trust of the options, and returns what requests go through. What comes back is
    /// verified whatever it does. Default null.</summary>
    public Func<SocketsHttpHandler, HttpMessageHandler>? HttpHandler { get; set; }

    /// <summary>Adds Polly strategies around each request, in place of <see cref="RelaySyncBudgets.Retries"/>; they handle
    /// <see cref="TransientRequestException"/>. <see cref="RelaySyncBudgets.DownloadDeadline"/> stays around them. Default null.</summary>
    public Action<ResiliencePipelineBuilder>? Resilience { get; set; }

    /// <summary>Limits of downloads and try-outs.</summary>
    public RelaySyncBudgets Budgets { get; } = new();

    /// <summary>True to allow <see cref="IRelayModel.Explain"/>. Costs about as much memory as a model's trees, for each of their outputs.
    /// Default false.</summary>
    public bool Explanations { get; set; }

    /// <summary>Compares a new version with the active one on real calls before it becomes active. Default null: it becomes active at once.</summary>
    public ShadowOptions? Shadow { get; set; }

    /// <summary>Names of gates that a version must have passed, with or without a warning, by its signed test result, such as
    /// <c>o.Require.Add("parity")</c>. A version that lacks one, or for which a gate failed and was accepted, is refused with
    /// <see cref="Shared.Contracts.RefusalReason.GateNotPassed"/>.
    /// Default empty: the node asks for no test result.</summary>
    public IList<string> Require { get; } = [];

    /// <summary>Sends rows and labels that the app records to the datasets of the relay, as far as the signed file of the active version names their
    /// columns (<see cref="SyncClient.Samples"/>). Default null: the node sends none.</summary>
    public SampleOptions? Samples { get; set; }

    // Fields, since they are no options of a configuration.
    internal readonly List<RowType> RowTypes = [];

    internal readonly Dictionary<string, ExpectedSchema> ExpectedSchemas = new(StringComparer.Ordinal);

    /// <summary>The scorer beside the managed one; null where the app does not add it.</summary>
    internal RowScorerLoader? OnnxRuntime;

    /// <summary>Adds a model, and states the schema that the app was built for. What it does not state, the node takes from the first
    /// release that it accepts, as it does for a model in <see cref="Models"/>.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="expect">Sets the statement, such as <c>s => s.Inputs = ["duration", "src_bytes"]</c>.</param>
    public void AddModel(string name, Action<ExpectedSchema> expect)
    {
        if (!Models.Contains(name))
        {
            Models.Add(name);
        }

        if (!ExpectedSchemas.TryGetValue(name, out ExpectedSchema? expected))
        {
            ExpectedSchemas.Add(name, expected = new());
        }

        expect(expected);
    }

    /// <summary>Adds a model and the type of its rows, for <see cref="IRelayModel{TRow}"/>. A model may have several row types.</summary>
    /// <typeparam name="TRow">A type with <see cref="RelayRowAttribute"/> and a public property for each input of the model. A type without it
    /// is bound by reflection: <see cref="RelayReflectedRows.AddModel{TRow}(RelaySyncOptions, string)"/>.</typeparam>
    /// <param name="name">The model's name.</param>
    public void AddModel<TRow>(string name)
        where TRow : IRelayRow<TRow> => AddModel<TRow>(name, _ => { });

    /// <summary>Adds a model and the type of its rows, and states what the type does not: the classes or the task.</summary>
    /// <typeparam name="TRow">A type with <see cref="RelayRowAttribute"/> and a public property for each input of the model.</typeparam>
    /// <param name="name">The model's name.</param>
    /// <param name="expect">Sets the statement, such as <c>s => s.Classes = ["benign", "scan"]</c>.</param>
    public void AddModel<TRow>(string name, Action<ExpectedSchema> expect)
        where TRow : IRelayRow<TRow>
    {
        AddModel(name, expect);
        RowTypes.Add(new GeneratedRowType<TRow>(name));
    }
}

/// <summary>Limits that keep a slow relay or a slow model from harming the node.</summary>
public sealed class RelaySyncBudgets
{
    /// <summary>Maximum time of the median row of a model's try-out. Default 50 ms.</summary>
    public TimeSpan TryOutLatency { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Maximum time of all rows of a model's try-out, which also warms it up. Default 30 s.</summary>
    public TimeSpan TryOutTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum memory, in bytes, to load and try out a model beside the active one. A file that cannot be loaded within it is refused
    /// before loading. Default 2 GiB.</summary>
    public long TryOutBytes { get; set; } = 2L << 30;

    /// <summary>Maximum time of the download of one file, all attempts together. Default 10 minutes.</summary>
    public TimeSpan DownloadDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Minimum rate of a response body, in bytes per second, after <see cref="SlowBodyGrace"/>; a slower one is cancelled. Default
    /// 4,096.</summary>
    public int MinimumBytesPerSecond { get; set; } = 4096;

    /// <summary>Time of a response before its rate counts. Default 10 s.</summary>
    public TimeSpan SlowBodyGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first where the relay cannot be reached or responds 408, 429 or 5xx. From 0 to 10. Default 2.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>Median wait before the first of these attempts; each next wait doubles, all with jitter. Default 0.5 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Maximum size of a model file, in bytes, whatever the metadata allow. Default 1 GiB.</summary>
    public long ArtifactBytes { get; set; } = 1L << 30;

    /// <summary>Time to find the fastest kernels of a model: loads are rare, and each serves many calls.</summary>
    internal TimeSpan KernelMeasuring { get; set; } = TimeSpan.FromMilliseconds(300);
}
