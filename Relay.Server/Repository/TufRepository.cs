using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Pruning;
using Relay.Server.Repository.Rotation;
using Relay.Server.Repository.Schemas;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>
/// The TUF repository in a folder. It is changed by one <see cref="RepositoryTransaction"/> at a time, across processes. A crash at any
/// point leaves the state before or after a change, and the next transaction continues from there. Each call reads the folder anew.
/// </summary>
public sealed class TufRepository
{
    private readonly RepositoryFiles _files;

    /// <param name="folder">Nodes are served <c>metadata/</c> and <c>targets/</c> in it, and nothing else.</param>
    public TufRepository(string folder, SigningKeys keys, TimeProvider timeProvider)
        : this(folder, keys, timeProvider, new DurableFiles())
    {
    }

    /// <param name="lowestVersion">For a repository that goes on after a loss; 0: it goes on from what it has.</param>
    /// <param name="artifactsFolder">Files by SHA-256, of which the repository takes those that it publishes as links; null: it writes all.</param>
    internal TufRepository(
        string folder, SigningKeys keys, TimeProvider timeProvider, DurableFiles files,
        long lowestVersion = 0, string? artifactsFolder = null)
    {
        folder = Path.GetFullPath(folder);
        (Keys, TimeProvider) = (keys, timeProvider);
        LowestVersion = lowestVersion;
        ContentFiles content = new(files, artifactsFolder);
        _files = new(folder, files, lowestVersion, content);
        Committer = new(_files, keys);
        SchemaChanges = new(_files.ReadTarget);
        Pending = new(new(Path.Combine(folder, "pending"), files, content), lowestVersion);
        RootRotation = new(_files, new(folder, files), Committer, keys, timeProvider);
        ReplacedKeys = new(RootRotation, Pending, keys, files);
    }

    internal SigningKeys Keys { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>The lowest version that nodes may believe, of each role but root; 0 where nothing was lost.</summary>
    internal long LowestVersion { get; }

    /// <summary>True when the operator has said that the clock is right, though the newest signature is old.</summary>
    internal bool IsClockConfirmed { get; set; }

    /// <summary>True when signatures of a wrong clock, which are newer than the present time, are being replaced.</summary>
    internal bool IsMended { get; init; }

    /// <summary>Who is told that a change waits for another.</summary>
    internal LockWait LockWait { get; init; } = new();

    /// <summary>The rollouts that run; null where there can be none.</summary>
    internal IChannelReservations? Reservations { get; set; }

    /// <summary>Throws where another relay has taken over, so that this one must sign nothing; null where there is no other.</summary>
    internal Action? RequireRight { get; set; }

    /// <summary>The models that may not be released; null where there are none.</summary>
    internal IArchivedModels? ArchivedModels { get; set; }

    /// <summary>The versions that can be published; null where that is not asked.</summary>
    internal IStoredVersions? StoredVersions { get; set; }

    /// <summary>Takes old releases out of targets that are written anyway; null where all stay listed.</summary>
    internal TargetsPruner? Pruner { get; set; }

    internal RepositoryCommitter Committer { get; }

    internal SchemaChanges SchemaChanges { get; }

    internal PendingPublications Pending { get; }

    internal RootRotation RootRotation { get; }

    internal ReplacedKeys ReplacedKeys { get; }

    /// <summary>What is current now.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet, or the folder does not verify.</exception>
    public RepositorySnapshot Read() => ReadOrNull() ?? throw NotInitialized();

    /// <summary>The root that nodes are given to start from: version 1.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet.</exception>
    public byte[] FirstRoot() => ReadRoot(1) ?? throw NotInitialized();

    /// <summary>The current root: the best start for new nodes.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet.</exception>
    public byte[] NewestRoot() => ReadRoot(_files.NewestRoot()) ?? throw NotInitialized();

    /// <summary>All roots, the first one first: a node that has any of them can follow to the newest.</summary>
    public IReadOnlyList<(long Version, byte[] File)> Roots() =>
    [
        .. Enumerable.Range(1, (int)_files.NewestRoot())
            .Select(version => ((long)version, ReadRoot(version)))
            .Where(root => root.Item2 is not null)
            .Select(root => (root.Item1, root.Item2!)),
    ];

    /// <exception cref="InvalidDataException">The file is missing.</exception>
    internal byte[] ReadTarget(TargetFile file) =>
        _files.ReadTarget(file) ?? throw new InvalidDataException($"The repository lacks the target '{file.Path}'.");

    /// <summary>Waits until no other thread or process changes the repository, and reads the keys that are in the key folder now.</summary>
    internal async Task<RepositoryTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        _files.Prepare();
        FileLock held = await FileLock.AcquireAsync(_files.LockPath, LockWait, cancellationToken);
        try
        {
            RequireRight?.Invoke();
            RequireClock();
            Keys.Refresh();
            return new(this, _files, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <exception cref="SigningException">The clock may not date signatures.</exception>
    private void RequireClock()
    {
        DateTimeOffset? newest = SigningClock.ReadNewestSignature(_files.ReadMetadata(MetadataPaths.Timestamp));
        if (!IsMended && SigningClock.FindError(TimeProvider.GetUtcNow(), newest, IsClockConfirmed) is { } error)
        {
            throw new SigningException(error) { Fault = SigningFault.Clock };
        }
    }

    /// <summary>What is current now; null before the first publication.</summary>
    internal RepositorySnapshot? ReadOrNull() => RepositorySnapshot.Read(_files, TimeProvider.GetUtcNow());

    internal static InvalidDataException NotInitialized() => new("The repository has no first publication.");

    private byte[]? ReadRoot(long version) => _files.ReadMetadata(MetadataPaths.Versioned(RoleNames.Root, version));
}
