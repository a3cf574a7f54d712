using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shared.Platform.Files;

namespace Sync.Client.Storage;

/// <summary>The node's folder on disk, for one process at a time. Callers verify again whatever they read from it.</summary>
/// <remarks>
/// <c>metadata/</c> holds the last metadata that verified and every root since the installation's; <c>targets/</c> the small
/// files that they list, by digest; <c>artifacts/</c> models and signatures by the model's digest; <c>downloads/</c> unfinished downloads.
/// </remarks>
internal sealed class NodeStore : IDisposable
{
    // Metadata of the largest allowed sizes, in base64.
    private const int StateLimit = 32_000_000;
    private readonly FileLock _exclusive;
    private readonly string _folder;
    private readonly StoreFiles _files;

    private NodeStore(string folder, StoreFiles files, FileLock exclusive) =>
        (_folder, _files, _exclusive) = (folder, files, exclusive);

    /// <exception cref="RelaySyncException">Another process uses the folder, or it cannot be written.</exception>
    public static NodeStore Open(string folder, StoreFiles? files = null)
    {
        files ??= new();
        folder = Path.GetFullPath(folder);
        FileLock? exclusive;
        try
        {
            foreach (string part in (string[])["metadata", "targets", "artifacts", "downloads"])
            {
                files.CreateFolder(Path.Combine(folder, part));
            }

            exclusive = FileLock.TryAcquire(Path.Combine(folder, "store.lock"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RelaySyncException(
                RelaySyncFault.StoreUnusable, $"the store folder '{folder}' cannot be created or written: {e.Message}", e);
        }

        return new NodeStore(folder, files, exclusive ?? throw new RelaySyncException(
            RelaySyncFault.StoreInUse, $"the store folder '{folder}' is in use by another process: give each its own StoreFolder"));
    }

    public byte[]? ReadMetadata(string file, long limit) => _files.ReadLatest(Path.Combine(_folder, "metadata", file), limit);

    /// <summary>Durable when it returns, but for its name.</summary>
    public void WriteMetadata(string file, ReadOnlySpan<byte> bytes) =>
        _files.Write(Path.Combine(_folder, "metadata", file), bytes);

    /// <summary>Metadata whose version must never fall. They are durable before any record that depends on them.</summary>
    public void WriteBindingMetadata(string file, ReadOnlySpan<byte> bytes) =>
        _files.WriteLater(Path.Combine(_folder, "metadata", file), bytes);

    /// <summary>Metadata that are used only where other metadata list them: a file torn by a power cut is fetched again.</summary>
    public void WriteListedMetadata(string file, ReadOnlySpan<byte> bytes) =>
        _files.WriteContent(Path.Combine(_folder, "metadata", file), bytes);

    public void DeleteMetadata(string file) => _files.Delete(Path.Combine(_folder, "metadata", file));

    public byte[]? ReadTarget(string sha256, long limit) => StoreFiles.Read(Path.Combine(_folder, "targets", sha256), limit);

    public void WriteTarget(string sha256, ReadOnlySpan<byte> bytes) =>
        _files.WriteContent(Path.Combine(_folder, "targets", sha256), bytes);

    public string ArtifactPath(string sha256) => Path.Combine(_folder, "artifacts", sha256 + ".onnx");

    public string SignaturePath(string sha256) => Path.Combine(_folder, "artifacts", sha256 + ".p7s");

    /// <summary>The file of a download until it is whole and verified.</summary>
    public string DownloadPath(string sha256) => Path.Combine(_folder, "downloads", sha256 + ".part");

    public PartFile OpenDownload(string sha256) => _files.Open(DownloadPath(sha256));

    public byte[]? ReadDownload(string sha256, long limit) => StoreFiles.Read(DownloadPath(sha256), limit);

    public void DropDownload(string sha256) => _files.Delete(DownloadPath(sha256));

    /// <summary>Moves a verified download to the models, after its signature.</summary>
    public void KeepDownload(string sha256, ReadOnlySpan<byte> signature)
    {
        _files.WriteContent(SignaturePath(sha256), signature);
        _files.Publish(DownloadPath(sha256), ArtifactPath(sha256));
    }

    public ActiveRecord? ReadActive() => ReadState("active.json", StoreJson.Default.ActiveRecord);

    /// <summary>Durable when it returns.</summary>
    public void WriteActive(ActiveRecord active)
    {
        WriteState("active.json", active, StoreJson.Default.ActiveRecord);
        _files.Flush();
    }

    public StoredMetadata? ReadWholeMetadata() => ReadState("metadata.json", StoreJson.Default.StoredMetadata);

    public void WriteWholeMetadata(StoredMetadata metadata) =>
        WriteState("metadata.json", metadata, StoreJson.Default.StoredMetadata);

    public NodeSteering? ReadSteering() => ReadState("steering.json", StoreJson.Default.NodeSteering);

    /// <summary>Durable when it returns.</summary>
    public void WriteSteering(NodeSteering steering)
    {
        WriteState("steering.json", steering, StoreJson.Default.NodeSteering);
        _files.Flush();
    }

    /// <summary>The schemas that were kept; a damaged file has none.</summary>
    public IReadOnlyList<StoredSchema> ReadSchemas() =>
        [.. (ReadState("schemas.json", StoreJson.Default.ListStoredSchema) ?? []).OfType<StoredSchema>()];

    public void WriteSchemas(IReadOnlyList<StoredSchema> schemas) =>
        WriteState("schemas.json", schemas.ToList(), StoreJson.Default.ListStoredSchema);

    public IReadOnlyList<QuarantineEntry> ReadQuarantine() =>
        ReadState("quarantine.json", StoreJson.Default.ListQuarantineEntry) ?? [];

    public void WriteQuarantine(IEnumerable<QuarantineEntry> entries) =>
        WriteState("quarantine.json", entries.ToList(), StoreJson.Default.ListQuarantineEntry);

    /// <summary>Deletes all models, signatures and documents but these, by digest, and all unfinished downloads.</summary>
    public void KeepOnly(IReadOnlySet<string> models, IReadOnlySet<string> documents)
    {
        Keep("artifacts", models);
        Keep("targets", documents);
        Keep("downloads", new HashSet<string>());
    }

    /// <summary>What was written so far survives a power cut afterwards.</summary>
    public void Flush() => _files.Flush();

    public void Dispose() => _exclusive.Dispose();

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

    private T? ReadState<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return StoreFiles.Read(Path.Combine(_folder, file), StateLimit) is { } bytes
                ? JsonSerializer.Deserialize(bytes, type)
                : null;
        }
        catch (JsonException)
        {
            // An altered file counts as missing: the next refresh replaces it.
            return null;
        }
    }

    private void WriteState<T>(string file, T state, JsonTypeInfo<T> type) =>
        _files.Commit(Path.Combine(_folder, file), JsonSerializer.SerializeToUtf8Bytes(state, type));
}
