using System.Data.Common;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The same folder for a process that works beside the relay.</summary>
internal sealed partial class RelayFolder
{
    /// <summary>Opens what a relay has created and works with. It takes no lock, and creates nothing but a folder for its own files.</summary>
    /// <exception cref="RelayStartException">The folder is not that of the relay, or the database is of another version.</exception>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public static async Task<RelayFolder> JoinAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        StoredFolder? stored = FillFrom(options, FolderAccess.AddArtifacts);
        TimeProvider timeProvider = options.TimeProvider;
        Stack<IDisposable> opened = [];
        if (stored is not null)
        {
            opened.Push(stored);
        }

        try
        {
            RequireRelay(options);
            string root = Path.GetFullPath(options.DataFolder);
            RelayDatabase database = Push(opened, RelayDatabase.Join(new DataFolder(root, options.Server)));
            new WorkerCopies(database, timeProvider).Clear(root);
            WorkerFolder own = Push(opened, WorkerFolder.Create(root));
            DataFolder paths = new(root, options.Server) { Uploads = own.FullPath };
            OpenedKeys keys = await KeyStore.OpenAsync(
                paths.Keys, timeProvider, new DurableFiles(), cancellationToken, null, new LockWait(), options.KeyPassphraseFile);
            opened.Push(keys.Keys);
            SigningServices signing = Push(opened, SigningServices.Open(paths.SignerSettings, keys.Keys, timeProvider));
            return new RelayFolder(opened, check: null)
            {
                Worker = own,
                Paths = paths,
                Database = database,
                Artifacts = new ArtifactStore(paths),
                Keys = keys.Keys,
                Signing = signing,
                Repository = new TufRepository(paths.Repository, keys.Keys, timeProvider, new DurableFiles(), 0, paths.Artifacts),
                Stored = stored,
            };
        }
        catch (RelayStartException)
        {
            Close(opened);
            throw;
        }
        catch (Exception e)
        {
            Close(opened);
            if (Explain(e, new DataFolder(options.DataFolder, options.Server)) is { } reason)
            {
                throw new RelayStartException(reason, e);
            }

            throw;
        }
    }

    /// <summary>Checks that the folder is the one of the relay that works with the database. A process beside that relay would make keys and a TLS
    /// authority of its own in another folder.</summary>
    /// <exception cref="RelayStartException">It is not: nothing is created.</exception>
    public static void RequireRelay(RelayOptions options)
    {
        string root = Path.GetFullPath(options.DataFolder);
        if (!DataFolder.WasStarted(root))
        {
            throw new RelayStartException(
                $"'{root}' is not the data folder of the relay that works with this database: name that folder by --data, as all its processes "
                + "do, or start all of them with --folder-key-file, each on a folder of its own.");
        }

        DataFolder paths = new(root, options.Server);
        try
        {
            StartCheck.RequireDatabaseAndRepository(paths, options.TimeProvider.GetUtcNow());
        }
        catch (DbException e)
        {
            throw new RelayStartException(Explain(e, paths)!, e);
        }
    }
}
