using Relay.Server.Keys;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Repository;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The same folder for a process that works beside the relay.</summary>
internal sealed partial class RelayFolder
{
    /// <summary>Opens what a relay has created and works with. It takes no lock, and creates nothing but a folder for its own files.</summary>
    /// <exception cref="RelayStartException">The database is of another version, or there is none.</exception>
    /// <exception cref="InvalidDataException">Keys or repository are damaged.</exception>
    public static async Task<RelayFolder> JoinAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        TimeProvider timeProvider = options.TimeProvider;
        Stack<IDisposable> opened = [];
        try
        {
            WorkerFolder.Clear(Path.GetFullPath(options.DataFolder));
            WorkerFolder own = Push(opened, WorkerFolder.Create(Path.GetFullPath(options.DataFolder)));
            DataFolder paths = new(options.DataFolder, options.Server) { Uploads = own.FullPath };
            RelayDatabase database = Push(opened, RelayDatabase.Join(paths));
            OpenedKeys keys = await KeyStore.OpenAsync(
                paths.Keys, timeProvider, new DurableFiles(), cancellationToken, null, new LockWait(), options.KeyPassphraseFile);
            opened.Push(keys.Keys);
            SigningServices signing = Push(opened, SigningServices.Open(paths.SignerSettings, keys.Keys, timeProvider));
            return new RelayFolder(opened, check: null)
            {
                Paths = paths,
                Database = database,
                Artifacts = new ArtifactStore(paths),
                Keys = keys.Keys,
                Signing = signing,
                Repository = new TufRepository(paths.Repository, keys.Keys, timeProvider, new DurableFiles(), 0, paths.Artifacts),
            };
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
}
