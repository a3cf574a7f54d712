using System.Data.Common;
using Relay.Server.Http.Access;
using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The data folder, locked and opened: database, artifacts, keys and repository. The first start creates them.</summary>
internal sealed class RelayFolder : IDisposable
{
    public required DataFolder Paths { get; init; }

    public required RelayDatabase Database { get; init; }

    public required ArtifactStore Artifacts { get; init; }

    public required SigningKeys Keys { get; init; }

    public required SigningServices Signing { get; init; }

    public required TufRepository Repository { get; init; }

    private FileLock Lock { get; init; } = null!;

    public static async Task<RelayFolder> OpenAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        DataFolder paths = new(options.DataFolder);
        FileLock folderLock = paths.AcquireLock();
        try
        {
            return await OpenAsync(options, paths, folderLock, cancellationToken);
        }
        catch (DbException e)
        {
            folderLock.Dispose();
            throw new RelayStartException($"The relay cannot use the database '{paths.Database}': {e.Message}", e);
        }
        catch (SigningException e)
        {
            folderLock.Dispose();
            throw new RelayStartException(e.Message, e);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>The container does not dispose instances that it did not create: this folder does.</summary>
    public void Dispose()
    {
        Signing.Dispose();
        Keys.Dispose();
        Database.Dispose();
        Lock.Dispose();
    }

    private static async Task<RelayFolder> OpenAsync(
        RelayOptions options, DataFolder paths, FileLock folderLock, CancellationToken cancellationToken)
    {
        RelayDatabase database = new(paths);
        ArtifactStore artifacts = new(paths);
        artifacts.RemoveAllBut(new VersionStore(database).ReferencedFiles());
        OpenedKeys keys = await KeyStore.OpenAsync(paths.Keys, options.TimeProvider, cancellationToken, options.KeysFolder);
        TufRepository repository = new(paths.Repository, keys.Keys, options.TimeProvider);
        SigningServices signing = SigningServices.Open(paths.SignerSettings, keys.Keys, options.TimeProvider);
        await new RepositoryInitializer(repository).RunAsync(cancellationToken);
        PolicyPublisher policy = new(repository);
        await policy.PinAnchorsAsync(cancellationToken);
        await policy.PinTimestampAnchorsAsync(signing.TimestampAnchors, cancellationToken);

        // A new node starts from the newest root and need not follow the chain of rotated keys.
        new DurableFiles().Replace(paths.TrustedRoot, repository.NewestRoot());
        new ApiKeys(database, options.TimeProvider).EnsureAdminKey(options.NewAdminKey, options.ShowAdminKey);
        if (keys.Created)
        {
            options.ShowNotice(KeyStore.OfflineAdvice);
        }

        return new RelayFolder
        {
            Paths = paths,
            Database = database,
            Artifacts = artifacts,
            Keys = keys.Keys,
            Signing = signing,
            Repository = repository,
            Lock = folderLock,
        };
    }
}
