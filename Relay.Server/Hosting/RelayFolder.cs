using System.Data.Common;
using System.Security.Cryptography;
using Relay.Server.Datasets;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Http.Access;
using Relay.Server.Keys;
using Relay.Server.Keys.Signers;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Pruning;
using Relay.Server.Repository.Publishing;
using Relay.Server.Retention;
using Relay.Server.Rollouts;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The data folder, locked, checked and opened: database, artifacts, keys and repository. The first start creates them; a later
/// start that finds less than there was stops.</summary>
internal sealed partial class RelayFolder : IDisposable
{
    private readonly Stack<IDisposable> _opened;
    private readonly StartCheck? _check;

    private RelayFolder(Stack<IDisposable> opened, StartCheck? check) => (_opened, _check) = (opened, check);

    public required DataFolder Paths { get; init; }

    public required RelayDatabase Database { get; init; }

    public required ArtifactStore Artifacts { get; init; }

    public required SigningKeys Keys { get; init; }

    public required SigningServices Signing { get; init; }

    public required TufRepository Repository { get; init; }

    /// <summary>Its files in the database; null where they are in the folder alone.</summary>
    public StoredFolder? Stored { get; init; }

    /// <summary>The folder of a process that trains beside the relay; null in the relay itself.</summary>
    public WorkerFolder? Worker { get; init; }

    /// <exception cref="RelayStartException">The folder is in use, lacks what it had, or cannot be used.</exception>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public static async Task<RelayFolder> OpenAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        Stack<IDisposable> opened = [];
        if (options.DatabaseLock is { } held)
        {
            opened.Push(held);
        }

        try
        {
            return await OpenAsync(options, opened, cancellationToken);
        }
        catch
        {
            Close(opened);
            throw;
        }
    }

    private static async Task<RelayFolder> OpenAsync(RelayOptions options, Stack<IDisposable> opened, CancellationToken cancellationToken)
    {
        if (BackupFolders.HasUnfinishedRestore(options.DataFolder))
        {
            throw new RelayStartException(
                $"A restore into '{Path.GetFullPath(options.DataFolder)}' has not ended: wait for it, or, where it was stopped, repeat it: "
                + $"relay restore FILE --data {options.DataFolder}");
        }

        DataFolder paths = PathsOf(options);
        try
        {
            opened.Push(options.DatabaseLock is null ? paths.AcquireLock() : await paths.WaitForLockAsync(cancellationToken));
            paths.ClearUploads();
            BackupFolders.Clear(paths.Root);
            return await OpenAsync(options, paths, opened, cancellationToken);
        }
        catch (Exception e)
        {
            if (Explain(e, paths) is { } reason)
            {
                throw new RelayStartException(reason, e);
            }

            throw;
        }
    }

    /// <summary>Writes down what there is, so that a later start misses it.</summary>
    public void Remember() => _check?.Remember(Database, Repository);

    /// <summary>The container does not dispose instances that it did not create: this folder does.</summary>
    public void Dispose()
    {
        LeaveNothing();
        Close(_opened);
    }

    private static async Task<RelayFolder> OpenAsync(
        RelayOptions options, DataFolder paths, Stack<IDisposable> opened, CancellationToken cancellationToken)
    {
        TimeProvider timeProvider = options.TimeProvider;
        (IDisposable? databaseLock, StoredFolder? stored) = TakeOverFiles(options, paths, opened);
        if (SigningClock.FindError(timeProvider.GetUtcNow(), SigningClock.NewestSignature(paths), options.ClockIsRight) is { } clock)
        {
            throw new RelayStartException(clock);
        }

        StartCheck check = StartCheck.Run(
            paths, options.StartAnew, options.Tls.CertificateFile is null, options.KeysFolder is not null, timeProvider.GetUtcNow());
        RelayDatabase database = Push(opened, RelayDatabase.Create(paths));
        if (database.AcquireLock(databaseLock) is { } alone && alone != databaseLock)
        {
            opened.Push(alone);
        }

        new WorkerCopies(database, timeProvider).Clear(paths.Root);
        DatasetStore.TakeOverFiles(database, paths, options.ShowNotice);
        ArtifactStore artifacts = new(paths);
        check.RequireArtifacts(artifacts, new VersionStore(database).ReferencedFiles());
        check.RequireLoss();
        LockWait wait = new() { Report = options.ShowNotice };
        OpenedKeys keys = await KeyStore.OpenAsync(
            paths.Keys, timeProvider, new DurableFiles(), cancellationToken, options.KeysFolder, wait, options.KeyPassphraseFile);
        opened.Push(keys.Keys);
        check.RequireKeysOfRepository(keys.Keys);
        check.RememberLowestVersion();
        TufRepository repository = CreateRepository(options, paths, database, keys.Keys, check.LowestVersion, wait);
        SigningServices signing = Push(opened, SigningServices.Open(paths.SignerSettings, keys.Keys, timeProvider));
        await new RepositoryInitializer(repository).RunAsync(cancellationToken);

        // For the start alone: its signatures are the newest from here on.
        repository.IsClockConfirmed = false;
        PolicyPublisher policy = new(repository);
        await policy.PinAnchorsAsync(cancellationToken);
        await policy.PinTimestampAnchorsAsync(signing.TimestampAnchors, cancellationToken);

        // A new node starts from the newest root and need not follow the chain of rotated keys.
        new DurableFiles().Replace(paths.TrustedRoot, repository.NewestRoot());
        new ApiKeyStore(database, timeProvider).EnsureAdminKey(options.NewAdminKey, options.ShowAdminKey);
        if (keys.Created)
        {
            options.ShowNotice(KeyStore.OfflineAdvice);
        }

        check.Remember(database, repository);
        if (stored is null && paths.FolderKeyFile is not null)
        {
            stored = Push(opened, StoredFolders.Store(paths));
        }

        return new RelayFolder(opened, check)
        {
            Paths = paths,
            Database = database,
            Artifacts = artifacts,
            Keys = keys.Keys,
            Signing = signing,
            Repository = repository,
            Stored = stored,
        };
    }

    private static string? Explain(Exception e, DataFolder paths) => e switch
    {
        DbException => $"The relay cannot use {DatabaseNames.Find(paths)}: {e.Message}",
        SigningException => e.Message,
        CryptographicException => $"A key or certificate in '{paths.Root}' is damaged: {e.Message}",
        _ => null,
    };

    private static T Push<T>(Stack<IDisposable> opened, T resource)
        where T : IDisposable
    {
        opened.Push(resource);
        return resource;
    }

    private static void Close(Stack<IDisposable> opened)
    {
        while (opened.TryPop(out IDisposable? resource))
        {
            resource.Dispose();
        }
    }
}
