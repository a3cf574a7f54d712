using Sync.Client.Scoring.TypedRows;

namespace Sync.Client;

/// <summary>What a node needs to know to follow a relay. Checked when the host starts.</summary>
public sealed class RelaySyncOptions
{
    /// <summary>The relay, <c>https</c> only, for example <c>https://relay:60002</c>. Null where there are only mirrors, or where
    /// the node is <see cref="AirGapped"/>.</summary>
    public Uri? Relay { get; set; }

    /// <summary>Copies of the relay's repository, <c>https</c> only, each the address of a folder that <c>relay mirror</c> wrote
    /// (<c>metadata/</c> and <c>targets/</c> stand below it). Asked in this order for what the relay, which is asked first, does not
    /// give or gives wrong. They are told nothing: check-ins go to the relay alone.</summary>
    public IList<Uri> Mirrors { get; } = [];

    /// <summary>Path of the PEM certificates that the mirrors' TLS certificates must chain to. Null: what the system trusts.</summary>
    public string? MirrorTlsRoot { get; set; }

    /// <summary>True for a node without network: nobody is asked, releases come by <see cref="SyncClient.ImportAsync"/>.</summary>
    public bool AirGapped { get; set; }

    /// <summary>Path of the TUF root metadata that came with the installation: the one thing the node trusts from the start.</summary>
    public string TrustedRoot { get; set; } = "";

    /// <summary>Path of the PEM certificates that the relay's TLS certificate must chain to. Null: what the system trusts.</summary>
    public string? TlsRoot { get; set; }

    /// <summary>Folder of this node's own store, for one process at a time. Default <c>relay-store</c> in the working folder.</summary>
    public string StoreFolder { get; set; } = "relay-store";

    /// <summary>Names this node in check-ins; stable over restarts. Default the machine's name.</summary>
    public string NodeId { get; set; } = Environment.MachineName;

    /// <summary>The channel to follow. Default <c>stable</c>.</summary>
    public string Channel { get; set; } = "stable";

    /// <summary>The models this node runs. A release that lacks one of them is refused as a whole.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>What runs models. Default <see cref="ScorerChoice.Auto"/>.</summary>
    public ScorerChoice Scorer { get; set; } = ScorerChoice.Auto;

    /// <summary>Mean time between polls; each wait is between 0.8 and 1.2 times as long. Default 30 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(30);

    public RelaySyncBudgets Budgets { get; } = new();

    /// <summary>True to keep what <see cref="IRelayModel.Explain"/> needs: about as much memory as a model's trees take, for each of their
    /// outputs. Default false.</summary>
    public bool Explanations { get; set; }

    /// <summary>Runs a new version beside the one that answers before it takes its place. Null, the default: it takes it at once.</summary>
    public ShadowOptions? Shadow { get; set; }

    internal List<RowType> RowTypes { get; } = [];

    /// <summary>Adds a model and the type of its rows: ask for <see cref="IRelayModel{TRow}"/>. A model may have several.</summary>
    /// <typeparam name="TRow">A class, record or struct with a public property for each input of the model.</typeparam>
    /// <param name="name">The model's name.</param>
    public void AddModel<TRow>(string name)
    {
        if (!Models.Contains(name))
        {
            Models.Add(name);
        }

        RowTypes.Add(new RowType<TRow>(name));
    }
}

/// <summary>Limits that keep a slow relay or a slow model from harming the node.</summary>
public sealed class RelaySyncBudgets
{
    /// <summary>Longest time that the median row of a model's try-out may take. Default 50 ms.</summary>
    public TimeSpan TryOutLatency { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest time for all rows of a model's try-out, which also warms it up. Default 30 s.</summary>
    public TimeSpan TryOutTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most memory, in bytes, that a model may take to load and try out, beside the one that answers. A file that is too large
    /// to be loaded in it is not loaded at all. Default 2 GiB.</summary>
    public long TryOutBytes { get; set; } = 2L << 30;

    /// <summary>Longest time for one file, all attempts together. Default 10 minutes.</summary>
    public TimeSpan DownloadDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A body that stays slower than this after <see cref="SlowBodyGrace"/> is given up. Default 4,096 bytes a second.</summary>
    public int MinimumBytesPerSecond { get; set; } = 4096;

    /// <summary>Time that every answer has before its speed counts. Default 10 s.</summary>
    public TimeSpan SlowBodyGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts after the first where the relay cannot be reached or answers 5xx. Default 2.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>Median wait before the first of these; the next ones double it, all with jitter. Default 0.5 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Largest model file that the node takes, in bytes, whatever the metadata allow. Default 1 GiB.</summary>
    public long ArtifactBytes { get; set; } = 1L << 30;
}
