using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Storage;

/// <summary>The node's folder on disk, written by one process at a time. Callers verify again whatever they read from it. Opening and reading
/// never throw: a store that cannot be written is read all the same, small files are then kept in memory, and each
/// <see cref="Prepare"/> tries again.</summary>
/// <remarks>
/// <c>metadata/</c> holds the last metadata that verified and every root since the installation's; <c>targets/</c> the small
/// files that they list, by digest; <c>artifacts/</c> models and signatures by the model's digest; <c>downloads/</c> unfinished downloads.
/// </remarks>
internal sealed class NodeStore : IDisposable
{
    // Metadata of the largest allowed sizes, in base64.
    private const int StateLimit = 32_000_000;
    private static readonly string[] Parts = ["metadata", "targets", "artifacts", "downloads"];
    private readonly string _folder;
    private readonly StoreFiles _files;
    private readonly UnwrittenFiles _unwritten = new();
    private readonly List<Refusal> _unreadable = [];
    private FileLock? _exclusive;
    private bool _isDisposed;

    private NodeStore(string folder, StoreFiles files) => (_folder, _files) = (folder, files);

    /// <summary>Why the store cannot be written at this time; null when it can.</summary>
    public Refusal? Fault { get; private set; }

    /// <summary>Opens the store; <see cref="Fault"/> says what is wrong with it.</summary>
    public static NodeStore Open(string folder, StoreFiles? files = null)
    {
        NodeStore store = new(Path.GetFullPath(folder), files ?? new());
        store.Prepare();
        return store;
    }

    /// <summary>Makes what is missing of the folder, takes its lock, and writes what could not be written before. Returns
    /// <see cref="Fault"/>.</summary>
    public Refusal? Prepare()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Fault = null;
        _ = TryWrite(() =>
        {
            foreach (string part in Parts)
            {
                _files.CreateFolder(Path.Combine(_folder, part));
            }

            Lock(Path.Combine(_folder, "store.lock"));
            _unwritten.WriteAll(MayWait, e => _unreadable.Add(ToFault(e)));
        });
        return Fault;
    }

    /// <summary>The files that could not be read or written, or were not what the node wrote, since the last call.</summary>
    public IReadOnlyList<Refusal> TakeUnreadable()
    {
        Refusal[] taken = [.. _unreadable];
        _unreadable.Clear();
        return taken;
    }

    /// <summary>The refusal of an exception of this store.</summary>
    public Refusal ToFault(Exception e) => StoreFault.Classify(_folder, e);

    public byte[]? ReadMetadata(string file, long limit) => ReadSmall(Path.Combine(_folder, "metadata", file), limit);

    /// <summary>Durable when it returns, but for its name.</summary>
    public void WriteMetadata(string file, ReadOnlySpan<byte> bytes) => WriteSmall(Path.Combine(_folder, "metadata", file), bytes, _files.Write);

    /// <summary>Metadata whose version must never fall. They are durable before any record that depends on them.</summary>
    public void WriteBindingMetadata(string file, ReadOnlySpan<byte> bytes) =>
        WriteSmall(Path.Combine(_folder, "metadata", file), bytes, _files.WriteLater);

    /// <summary>Metadata that are used only where other metadata list them: a file torn by a power cut is fetched again.</summary>
    public void WriteListedMetadata(string file, ReadOnlySpan<byte> bytes) =>
        WriteSmall(Path.Combine(_folder, "metadata", file), bytes, _files.WriteContent);

    public void DeleteMetadata(string file)
    {
        string path = Path.Combine(_folder, "metadata", file);
        WriteOrKeep(path, null, () => _files.Delete(path));
    }

    public byte[]? ReadTarget(string sha256, long limit) => ReadSmall(Path.Combine(_folder, "targets", sha256), limit);

    public void WriteTarget(string sha256, ReadOnlySpan<byte> bytes) =>
        WriteSmall(Path.Combine(_folder, "targets", sha256), bytes, _files.WriteContent);

    public string ArtifactPath(string sha256) => Path.Combine(_folder, "artifacts", sha256 + ".onnx");

    public string SignaturePath(string sha256) => Path.Combine(_folder, "artifacts", sha256 + ".p7s");

    /// <summary>Null where it is missing, longer, or cannot be read.</summary>
    public byte[]? ReadArtifact(string sha256, long limit) => TryRead(ArtifactPath(sha256), limit);

    /// <summary>Null where it is missing, longer, or cannot be read.</summary>
    public byte[]? ReadSignature(string sha256, long limit) => TryRead(SignaturePath(sha256), limit);

    public bool HasArtifact(string sha256) => File.Exists(ArtifactPath(sha256)) && File.Exists(SignaturePath(sha256));

    /// <summary>The file of a download until it is whole and verified.</summary>
    public string DownloadPath(string sha256) => Path.Combine(_folder, "downloads", sha256 + ".part");

    /// <exception cref="IOException">The store cannot be written.</exception>
    public PartFile OpenDownload(string sha256)
    {
        ThrowIfFaulty();
        return _files.Open(DownloadPath(sha256));
    }

    public byte[]? ReadDownload(string sha256, long limit) => StoreFiles.Read(DownloadPath(sha256), limit);

    public void DropDownload(string sha256) => _files.Delete(DownloadPath(sha256));

    /// <summary>Moves a verified download to the models, after its signature.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void KeepDownload(string sha256, ReadOnlySpan<byte> signature)
    {
        ThrowIfFaulty();
        _files.WriteContent(SignaturePath(sha256), signature);
        _files.Publish(DownloadPath(sha256), ArtifactPath(sha256));
    }

    public ActiveRecord? ReadActive() => ReadState("active.json", StoreJson.Default.ActiveRecord, r => r.IsWhole).Value;

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteActive(ActiveRecord active)
    {
        ThrowIfFaulty();
        _files.Commit(Path.Combine(_folder, "active.json"), JsonSerializer.SerializeToUtf8Bytes(active, StoreJson.Default.ActiveRecord));
        _files.Flush();
    }

    public bool HasActive => File.Exists(Path.Combine(_folder, "active.json"));

    public StoredMetadata? ReadWholeMetadata() => ReadState("metadata.json", StoreJson.Default.StoredMetadata, m => m.IsWhole).Value;

    public void WriteWholeMetadata(StoredMetadata metadata) => WriteState("metadata.json", metadata, StoreJson.Default.StoredMetadata);

    public bool HasMetadata(string file) => Has(Path.Combine(_folder, "metadata", file));

    public bool HasWholeMetadata => Has(Path.Combine(_folder, "metadata.json"));

    /// <summary>The steering, if there is one; false where there is a file that cannot be read, or is not what the node wrote.</summary>
    public (NodeSteering? Steering, bool IsKnown) ReadSteering() => ReadState("steering.json", StoreJson.Default.NodeSteering, s => s.IsWhole);

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteSteering(NodeSteering steering)
    {
        ThrowIfFaulty();
        _files.Commit(Path.Combine(_folder, "steering.json"), JsonSerializer.SerializeToUtf8Bytes(steering, StoreJson.Default.NodeSteering));
        _files.Flush();
    }

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteSteeringWhenPossible(NodeSteering steering) => WriteState("steering.json", steering, StoreJson.Default.NodeSteering);

    public bool HasSteering => Has(Path.Combine(_folder, "steering.json"));

    /// <summary>The schemas that were kept; a damaged file has none.</summary>
    public IReadOnlyList<StoredSchema> ReadSchemas() =>
        [.. (ReadState("schemas.json", StoreJson.Default.ListStoredSchema, _ => true).Value ?? []).OfType<StoredSchema>()];

    public void WriteSchemas(IReadOnlyList<StoredSchema> schemas) =>
        WriteState("schemas.json", schemas.ToList(), StoreJson.Default.ListStoredSchema);

    public bool HasSchemas => Has(Path.Combine(_folder, "schemas.json"));

    public IReadOnlyList<QuarantineEntry> ReadQuarantine() =>
        ReadState("quarantine.json", StoreJson.Default.ListQuarantineEntry, entries => entries.TrueForAll(e => e?.IsWhole == true)).Value ?? [];

    public void WriteQuarantine(IEnumerable<QuarantineEntry> entries) =>
        WriteState("quarantine.json", entries.ToList(), StoreJson.Default.ListQuarantineEntry);

    public bool HasQuarantine => Has(Path.Combine(_folder, "quarantine.json"));

    /// <summary>Deletes all models, signatures and documents but these, by digest, and all unfinished downloads.</summary>
    /// <exception cref="IOException">Files could not be deleted.</exception>
    public void KeepOnly(IReadOnlySet<string> models, IReadOnlySet<string> documents)
    {
        Keep("artifacts", models);
        Keep("targets", documents);
        Keep("downloads", new HashSet<string>());
    }

    /// <summary>What was written so far survives a power cut afterwards; <see cref="Fault"/> says where it does not.</summary>
    public void Flush() => _ = TryWrite(_files.Flush);

    public void Dispose()
    {
        _isDisposed = true;
        _exclusive?.Dispose();
        _exclusive = null;
    }

    private void Lock(string path)
    {
        if (_exclusive is not null && !File.Exists(path))
        {
            // The folder was deleted, and the lock with it: another process could take the new one.
            _exclusive.Dispose();
            _exclusive = null;
        }

        _exclusive ??= FileLock.TryAcquire(path) ?? throw new StoreFaultException(StoreFault.InUse(_folder));
    }

    private void ThrowIfFaulty()
    {
        if (Fault is { } fault)
        {
            throw new StoreFaultException(fault);
        }
    }

    private delegate void Write(string path, ReadOnlySpan<byte> bytes);

    private void WriteSmall(string path, ReadOnlySpan<byte> bytes, Write write)
    {
        byte[] content = bytes.ToArray();
        WriteOrKeep(path, content, () => write(path, content));
    }

    private void WriteState<T>(string file, T state, JsonTypeInfo<T> type) =>
        WriteSmall(Path.Combine(_folder, file), JsonSerializer.SerializeToUtf8Bytes(state, type), _files.Commit);

    // Nothing on disk depends on these two: a node that cannot write one of them goes on, and says it.
    private static bool MayWait(string path) => Path.GetFileName(path) is "quarantine.json" or "schemas.json";

    private void WriteOrKeep(string path, byte[]? content, Action write)
    {
        bool wasFaulty = Fault is not null;
        if (TryWrite(write))
        {
            _unwritten.Remove(path);
            return;
        }

        _unwritten.Add(path, content, write);
        if (!wasFaulty && MayWait(path))
        {
            _unreadable.Add(Fault!);
            Fault = null;
        }
    }

    private bool TryWrite(Action write)
    {
        if (Fault is not null)
        {
            return false;
        }

        try
        {
            write();
            return true;
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            Fault = ToFault(e);
            return false;
        }
    }

    private bool Has(string path) => _unwritten.TryRead(path, out byte[]? bytes) ? bytes is not null : _files.Exists(path);

    private byte[]? ReadSmall(string path, long limit) => _unwritten.TryRead(path, out byte[]? bytes) ? bytes : TryRead(path, limit);

    private byte[]? TryRead(string path, long limit) => TryRead(path, limit, out _);

    private byte[]? TryRead(string path, long limit, out bool isKnown)
    {
        isKnown = true;
        try
        {
            return _files.ReadLatest(path, limit);
        }
        catch (Exception e) when (StoreFault.IsMeant(e))
        {
            isKnown = false;
            _unreadable.Add(new(RefusalReason.StoreUnavailable, path, $"the file cannot be read: {e.Message}"));
            return null;
        }
    }

    private (T? Value, bool IsKnown) ReadState<T>(string file, JsonTypeInfo<T> type, Func<T, bool> isWhole)
        where T : class
    {
        string path = Path.Combine(_folder, file);
        bool isKnown = true;
        byte[]? bytes = _unwritten.TryRead(path, out byte[]? unwritten) ? unwritten : TryRead(path, StateLimit, out isKnown);
        if (bytes is null)
        {
            return (null, isKnown);
        }

        T? state = StateJson.Read(bytes, type);
        if (state is not null && isWhole(state))
        {
            return (state, true);
        }

        // An altered file has no content: an update replaces it.
        _unreadable.Add(new(RefusalReason.StoreDamaged, path, "the file is not what this node wrote: it counts as missing, and is written again when its content is known"));
        return (null, false);
    }

    private void Keep(string part, IReadOnlySet<string> digests)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder, part)))
        {
            if (!digests.Contains(Path.GetFileNameWithoutExtension(file)))
            {
                _files.Delete(file);
            }
        }
    }
}
