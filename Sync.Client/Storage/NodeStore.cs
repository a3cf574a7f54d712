using Shared.Contracts;
using Shared.Platform.Files;

namespace Sync.Client.Storage;

/// <summary>The files of a node's store, by what they are. Callers verify again whatever they read from it. It can be opened and read whatever is
/// wrong with its disk (<see cref="StoreFolder"/>).</summary>
/// <remarks>
/// <c>metadata/</c> holds the last metadata that verified and every root since the installation's; <c>targets/</c> the small
/// files that they list, by digest; <c>artifacts/</c> models and signatures by the model's digest; <c>downloads/</c> unfinished downloads.
/// </remarks>
internal sealed class NodeStore : IDisposable
{
    private const string Metadata = "metadata";
    private const string Targets = "targets";
    private const string Artifacts = "artifacts";
    private const string Downloads = "downloads";
    private const int KeyLimit = 4096;
    private readonly StoreFolder _folder;
    private readonly StoreFiles _files;
    private readonly string _active;
    private readonly string _wholeMetadata;
    private readonly string _earlierTargets;
    private readonly string _steering;
    private readonly string _schemas;
    private readonly string _quarantine;
    private readonly string _key;
    private readonly string _enrollment;
    private readonly string _usage;

    private NodeStore(string folder, StoreFiles files)
    {
        _files = files;
        _folder = new StoreFolder(folder, [Metadata, Targets, Artifacts, Downloads], MayWait, files);
        _active = _folder.Combine("active.json");
        _wholeMetadata = _folder.Combine("metadata.json");
        _earlierTargets = _folder.Combine("earlier-targets.json");
        _steering = _folder.Combine("steering.json");
        _schemas = _folder.Combine("schemas.json");
        _quarantine = _folder.Combine("quarantine.json");
        _key = _folder.Combine("node-key.pem");
        _enrollment = _folder.Combine("enrollment.json");
        _usage = _folder.Combine("usage.json");
        SamplesFolder = _folder.Combine("samples");
    }

    /// <summary>The folder for rows and labels that wait for the relay.</summary>
    public string SamplesFolder { get; }

    /// <summary>Why the store cannot be written at this time; null when it can.</summary>
    public Refusal? Fault => _folder.Fault;

    /// <summary>Opens the store; <see cref="Fault"/> says what is wrong with it.</summary>
    public static NodeStore Open(string folder, StoreFiles? files = null)
    {
        NodeStore store = new(Path.GetFullPath(folder), files ?? new());
        store.Prepare();
        return store;
    }

    /// <summary>Makes the store ready to be written, as far as its disk allows. Returns <see cref="Fault"/>.</summary>
    public Refusal? Prepare() => _folder.Prepare();

    /// <summary>The files that could not be read or written, or were not what the node wrote, since the last call.</summary>
    public IReadOnlyList<Refusal> TakeFileFaults() => _folder.TakeFileFaults();

    /// <summary>The refusal of an exception of this store.</summary>
    public Refusal ToFault(Exception e) => _folder.ToFault(e);

    public byte[]? ReadMetadata(string file, long limit) => _folder.Read(_folder.Combine(Metadata, file), limit);

    /// <summary>Durable when it returns, but for its name.</summary>
    public void WriteMetadata(string file, ReadOnlySpan<byte> bytes) => _folder.Write(_folder.Combine(Metadata, file), bytes, _files.Write);

    /// <summary>Metadata whose version must never fall. They are durable before any record that depends on them.</summary>
    public void WriteBindingMetadata(string file, ReadOnlySpan<byte> bytes) =>
        _folder.Write(_folder.Combine(Metadata, file), bytes, _files.WriteLater);

    /// <summary>Metadata that are used only where other metadata list them: a file torn by a power cut is fetched again.</summary>
    public void WriteListedMetadata(string file, ReadOnlySpan<byte> bytes) =>
        _folder.Write(_folder.Combine(Metadata, file), bytes, _files.WriteContent);

    public void DeleteMetadata(string file) => _folder.Delete(_folder.Combine(Metadata, file));

    public bool HasMetadata(string file) => _folder.Exists(_folder.Combine(Metadata, file));

    public byte[]? ReadTarget(string sha256, long limit) => _folder.Read(_folder.Combine(Targets, sha256), limit);

    public void WriteTarget(string sha256, ReadOnlySpan<byte> bytes) => _folder.Write(_folder.Combine(Targets, sha256), bytes, _files.WriteContent);

    public string ArtifactPath(string sha256) => _folder.Combine(Artifacts, sha256 + ".onnx");

    public string SignaturePath(string sha256) => _folder.Combine(Artifacts, sha256 + ".p7s");

    /// <summary>Null where it is missing, longer, or cannot be read.</summary>
    public byte[]? ReadArtifact(string sha256, long limit) => _folder.Read(ArtifactPath(sha256), limit);

    /// <summary>Null where it is missing, longer, or cannot be read.</summary>
    public byte[]? ReadSignature(string sha256, long limit) => _folder.Read(SignaturePath(sha256), limit);

    public bool HasArtifact(string sha256) => _folder.Exists(ArtifactPath(sha256)) && _folder.Exists(SignaturePath(sha256));

    /// <summary>The file of a download until it is whole and verified.</summary>
    public string DownloadPath(string sha256) => _folder.Combine(Downloads, sha256 + ".part");

    /// <exception cref="IOException">The store cannot be written.</exception>
    public PartFile OpenDownload(string sha256)
    {
        _folder.ThrowIfFaulty();
        return _files.Open(DownloadPath(sha256));
    }

    public byte[]? ReadDownload(string sha256, long limit) => StoreFiles.Read(DownloadPath(sha256), limit);

    public void DropDownload(string sha256) => _files.Delete(DownloadPath(sha256));

    /// <summary>Moves a verified download to the models, after its signature.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void KeepDownload(string sha256, ReadOnlySpan<byte> signature)
    {
        _folder.ThrowIfFaulty();
        _files.WriteContent(SignaturePath(sha256), signature);
        _files.Publish(DownloadPath(sha256), ArtifactPath(sha256));
    }

    public ActiveRecord? ReadActive() => _folder.ReadState(_active, StoreJson.Default.ActiveRecord, r => r.IsWhole).State;

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteActive(ActiveRecord active) => _folder.CommitState(_active, active, StoreJson.Default.ActiveRecord);

    public bool HasActive => _folder.Exists(_active);

    public StoredMetadata? ReadWholeMetadata() => _folder.ReadState(_wholeMetadata, StoreJson.Default.StoredMetadata, m => m.IsWhole).State;

    public void WriteWholeMetadata(StoredMetadata metadata) => _folder.WriteState(_wholeMetadata, metadata, StoreJson.Default.StoredMetadata);

    public bool HasWholeMetadata => _folder.Exists(_wholeMetadata);

    /// <summary>Targets metadata of releases in the store that the current ones do not list; a damaged file has none.</summary>
    public IReadOnlyList<KeptTargets> ReadEarlierTargets() =>
        _folder.ReadState(_earlierTargets, StoreJson.Default.ListKeptTargets, kept => kept.TrueForAll(k => k is not null)).State ?? [];

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteEarlierTargets(IEnumerable<KeptTargets> kept) =>
        _folder.WriteState(_earlierTargets, kept.ToList(), StoreJson.Default.ListKeptTargets);

    /// <summary>The steering, if there is one; false where there is a file that cannot be read, or is not what the node wrote.</summary>
    public (NodeSteering? Steering, bool IsKnown) ReadSteering() => _folder.ReadState(_steering, StoreJson.Default.NodeSteering, s => s.IsWhole);

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteSteering(NodeSteering steering) => _folder.CommitState(_steering, steering, StoreJson.Default.NodeSteering);

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteSteeringWhenPossible(NodeSteering steering) => _folder.WriteState(_steering, steering, StoreJson.Default.NodeSteering);

    public bool HasSteering => _folder.Exists(_steering);

    /// <summary>The schemas that were kept; a damaged file has none.</summary>
    public IReadOnlyList<StoredSchema?> ReadSchemas() =>
        [.. (_folder.ReadState(_schemas, StoreJson.Default.ListStoredSchema, _ => true).State ?? [])];

    /// <summary>Reports that an entry of the kept schemas is not what the node wrote.</summary>
    /// <param name="model">Of the entry, for people; null where it does not say.</param>
    public void ReportDamagedSchema(string? model) => _folder.ReportFault(StoreFolder.Damaged(
        _schemas,
        $"the entry of {(model is null ? "a model" : $"model '{model}'")} is not what this node wrote: "
        + "it counts as missing, and the release in the store gives the schema again"));

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteSchemas(IEnumerable<StoredSchema> schemas) =>
        _folder.CommitState(_schemas, schemas.ToList(), StoreJson.Default.ListStoredSchema);

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteSchemasWhenPossible(IEnumerable<StoredSchema> schemas) =>
        _folder.WriteState(_schemas, schemas.ToList(), StoreJson.Default.ListStoredSchema);

    public bool HasSchemas => _folder.Exists(_schemas);

    public IReadOnlyList<QuarantineEntry> ReadQuarantine() =>
        _folder.ReadState(_quarantine, StoreJson.Default.ListQuarantineEntry, entries => entries.TrueForAll(e => e?.IsWhole == true)).State ?? [];

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void WriteQuarantine(IEnumerable<QuarantineEntry> entries) =>
        _folder.CommitState(_quarantine, entries.ToList(), StoreJson.Default.ListQuarantineEntry);

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteQuarantineWhenPossible(IEnumerable<QuarantineEntry> entries) =>
        _folder.WriteState(_quarantine, entries.ToList(), StoreJson.Default.ListQuarantineEntry);

    public bool HasQuarantine => _folder.Exists(_quarantine);

    /// <summary>The refusal of a file that is there and holds no key. The node cannot make the key again by which its relay knows it.</summary>
    public Refusal KeyIsDamaged => StoreFolder.Damaged(
        _key,
        "the file is not the key that this node wrote: restore it from a copy, or remove it and have the relay's operator run 'relay nodes " +
            "remove', so that the node enrolls anew");

    /// <summary>The node's private key in PEM. Neither a key nor a refusal where there is none; a
    /// refusal where one is there that cannot be read.</summary>
    public (byte[]? Pem, Refusal? Fault) ReadKey() => _folder.ReadIrreplaceable(_key, KeyLimit);

    /// <summary>True when the key is durable; else <see cref="Fault"/> says why not.</summary>
    public bool TryWriteKey(byte[] pem) => _folder.TryWriteSecret(_key, pem);

    public void RestrictKey() => _folder.Restrict(_key);

    public bool HasKey => _folder.Exists(_key);

    public StoredEnrollment? ReadEnrollment() => _folder.ReadState(_enrollment, StoreJson.Default.StoredEnrollment, _ => true).State;

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteEnrollment(StoredEnrollment enrollment) => _folder.WriteState(_enrollment, enrollment, StoreJson.Default.StoredEnrollment);

    /// <summary>The usage that the relay does not have; a damaged file has none.</summary>
    public UsageState? ReadUsage() => _folder.ReadState(_usage, UsageJson.Default.UsageState, u => u.IsWhole).State;

    /// <summary>Written at once, or when the store can be written.</summary>
    public void WriteUsage(UsageState usage) => _folder.WriteState(_usage, usage, UsageJson.Default.UsageState);

    /// <summary>Gives up the usage that could not be written.</summary>
    public void GiveUpUnwrittenUsage() => _folder.GiveUpUnwritten(_usage);

    /// <summary>Deletes all models, signatures and documents but these, by digest, and all unfinished downloads.</summary>
    /// <exception cref="IOException">Files could not be deleted.</exception>
    public void KeepOnly(IReadOnlySet<string> models, IReadOnlySet<string> documents)
    {
        Keep(Artifacts, models);
        Keep(Targets, documents);
        Keep(Downloads, new HashSet<string>());
    }

    /// <summary>What was written so far survives a power cut afterwards; <see cref="Fault"/> says where it does not.</summary>
    public void Flush() => _folder.Flush();

    public void Dispose() => _folder.Dispose();

    // Nothing on disk depends on these: a node that cannot write one of them goes on, and says it.
    private bool MayWait(string path) => path == _quarantine || path == _schemas || path == _enrollment || path == _usage;

    private void Keep(string part, IReadOnlySet<string> digests)
    {
        foreach (string file in Directory.EnumerateFiles(_folder.Combine(part)))
        {
            if (!digests.Contains(Path.GetFileNameWithoutExtension(file)))
            {
                _files.Delete(file);
            }
        }
    }
}
