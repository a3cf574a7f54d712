using Relay.Server.Storage.Folders;
using Shared.Platform.Files;

namespace Relay.Server.Storage;

/// <summary>The paths in the data folder of a relay. Only the owner may enter it, since it holds keys.</summary>
internal sealed class DataFolder
{
    /// <param name="server">The connection string of a PostgreSQL database that has the rows; null: the file <see cref="Database"/> has them.</param>
    public DataFolder(string root, string? server = null)
        : this(root, server, all => [all.Artifacts, all.Repository, all.Tls, all.Trust, all.Checkpoints, all.Runs, all.Samples, all.Uploads])
    {
    }

    private DataFolder(string root, string? server, Func<DataFolder, string[]> parts)
    {
        (Root, Server) = (Path.GetFullPath(root), server);
        Uploads = Path.Combine(Root, "uploads");
        CreatePrivate(Root);
        Array.ForEach(parts(this), CreatePrivate);
    }

    /// <summary>The file whose lock a relay has while it runs.</summary>
    public const string LockName = "lock";

    public string Root { get; }

    public const string DatabaseName = "relay.db";

    /// <summary>The file that says what the relay has.</summary>
    public const string ManifestName = "relay.json";

    /// <summary>The SQLite file with the rows, unless <see cref="Server"/> has them.</summary>
    public string Database => Path.Combine(Root, DatabaseName);

    /// <summary>The connection string of the PostgreSQL database that has the rows; null for SQLite.</summary>
    public string? Server { get; }

    /// <summary>The file with the key under which the database has the files of this folder; null: it has none.</summary>
    public string? FolderKeyFile { get; init; }

    /// <summary>What this process knows of the files here, where the database has them.</summary>
    public FolderDigests Digests { get; init; } = new();

    /// <summary>Content-addressed files: <c>artifacts/&lt;sha256&gt;</c>.</summary>
    public string Artifacts => Path.Combine(Root, "artifacts");

    /// <summary>The checkpoints of unfinished training runs: <c>checkpoints/&lt;run&gt;</c>.</summary>
    public string Checkpoints => Path.Combine(Root, CheckpointsName);

    public const string CheckpointsName = "checkpoints";

    /// <summary>The logs and curves of training runs.</summary>
    public string Runs => Path.Combine(Root, RunsName);

    public const string RunsName = "runs";

    /// <summary>The files of datasets, unless <see cref="Server"/> has them: <c>samples/&lt;file&gt;.db</c>.</summary>
    public string Samples => Path.Combine(Root, SamplesName);

    public const string SamplesName = "samples";

    /// <summary>What exists for the length of a request or a run: uploads that arrive, exports, rows of a training run.</summary>
    public string Uploads { get; init; }

    /// <summary>The TUF repository, served as static files.</summary>
    public string Repository => Path.Combine(Root, "repository");

    /// <summary>The keys; the key store creates the folder as a whole or not at all.</summary>
    public string Keys => Path.Combine(Root, KeysName);

    private const string KeysName = "keys";

    /// <summary>The settings of a model signer whose key is not in <see cref="Keys"/>.</summary>
    public string SignerSettings => Path.Combine(Root, "signer.json");

    /// <summary>The name of <see cref="ObjectStoreRecord"/>.</summary>
    public const string ObjectStoreRecordName = "object-store.json";

    /// <summary>What was compared with the objects of a store; without it, they are read again.</summary>
    public string ObjectStoreRecord => Path.Combine(Root, ObjectStoreRecordName);

    /// <summary>Where a start puts parts that it must not use and must not delete: <c>set-aside/&lt;time&gt;</c>.</summary>
    public string SetAside => Path.Combine(Root, "set-aside");

    public string Tls => Path.Combine(Root, "tls");

    /// <summary>The relay's own authority for TLS: certificate and key.</summary>
    public string AuthorityKey => Path.Combine(Tls, "ca.key");

    /// <summary>The certificate of that authority, for clients to pin.</summary>
    public string AuthorityCertificate => Path.Combine(Tls, "ca.pem");

    /// <summary>The certificate and key that the relay presents, issued by its own authority.</summary>
    public string ServerKey => Path.Combine(Tls, "server.key");

    /// <summary>The files that nodes pin: <c>root.json</c>.</summary>
    public string Trust => Path.Combine(Root, "trust");

    public string TrustedRoot => Path.Combine(Trust, "root.json");

    /// <summary>The folder of a process that has the TLS certificate of a relay, and nothing else of one.</summary>
    public static DataFolder CreateForTls(string root) => new(root, null, all => [all.Tls]);

    /// <summary>True for the folder of a relay that was started once. A folder that is not there is not created.</summary>
    public static bool WasStarted(string root) => Directory.Exists(Path.Combine(root, KeysName));

    /// <summary>Keeps a second relay off the same folder.</summary>
    /// <exception cref="RelayStartException">Another relay works in it.</exception>
    /// <exception cref="IOException">The lock file cannot be created or opened.</exception>
    /// <exception cref="UnauthorizedAccessException">This account may not open it.</exception>
    public FileLock AcquireLock() => TryLock(Root) ?? throw new RelayStartException(
        $"Another relay works in '{Root}'. Stop it, or give this one its own folder by --data.");

    /// <summary>Waits for a relay whose database lock is free to leave the folder: it ends. A file system of several machines may take a while to
    /// notice.</summary>
    /// <exception cref="IOException">Another relay works in it, or the lock file cannot be created or opened.</exception>
    public Task<FileLock> WaitForLockAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(Root, LockName), new LockWait { Maximum = TimeSpan.FromMinutes(2) }, cancellationToken);

    /// <returns>Null when a relay works in the folder.</returns>
    public static FileLock? TryLock(string root) => FileLock.TryAcquire(Path.Combine(root, LockName));

    /// <summary>Deletes what a killed process left in <see cref="Uploads"/>: copies of samples, of which none was acknowledged, must not outlive
    /// their deletion from a dataset.</summary>
    public void ClearUploads()
    {
        Directory.Delete(Uploads, recursive: true);
        CreatePrivate(Uploads);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
