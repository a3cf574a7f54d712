using Microsoft.Data.Sqlite;
using Relay.Server.Http.Access;
using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Signing;
using Relay.Server.Storage;

namespace Relay.Server.Hosting;

/// <summary>The data folder, locked and opened: database, artifacts, keys and repository, made at the first start.</summary>
internal sealed class RelayFolder : IDisposable
{
    private RelayFolder(
        DataFolder paths, DataFolderLock held, RelayDatabase database, ArtifactStore artifacts, SigningKeys keys,
        SigningServices signing, RepositoryPublisher publisher) =>
        (Paths, Held, Database, Artifacts, Keys, Signing, Publisher) = (paths, held, database, artifacts, keys, signing, publisher);

    private DataFolder Paths { get; }

    private DataFolderLock Held { get; }

    private RelayDatabase Database { get; }

    private ArtifactStore Artifacts { get; }

    private SigningKeys Keys { get; }

    private SigningServices Signing { get; }

    private RepositoryPublisher Publisher { get; }

    public static async Task<RelayFolder> OpenAsync(RelayOptions options, CancellationToken cancellationToken)
    {
        DataFolder paths = new(options.DataFolder);
        DataFolderLock held = new(paths);
        try
        {
            RelayDatabase database = new(paths);
            ArtifactStore artifacts = new(paths);
            artifacts.RemoveAllBut(new VersionStore(database).ReferencedFiles());
            OpenedKeys keys = await KeyStore.OpenAsync(paths.Keys, options.Time, cancellationToken, options.KeysFolder);
            RepositoryPublisher publisher = new(paths.Repository, keys.Keys, options.Time);
            SigningServices signing = SigningServices.Open(paths.SignerSettings, keys.Keys, options.Time);
            await publisher.InitializeAsync(cancellationToken);
            await publisher.PinAnchorsAsync(cancellationToken);
            await publisher.PinTimestampAnchorsAsync(signing.TimestampAnchors, cancellationToken);

            // New nodes need not walk through keys that are gone.
            DurableFile.Write(paths.TrustedRoot, publisher.NewestRoot());
            new ApiKeys(database, options.Time).EnsureAdminKey(options.NewAdminKey, options.ShowAdminKey);
            if (keys.Created)
            {
                options.ShowNotice(KeyStore.OfflineAdvice);
            }

            return new RelayFolder(paths, held, database, artifacts, keys.Keys, signing, publisher);
        }
        catch (SqliteException e)
        {
            held.Dispose();
            throw new RelayStartException($"The database '{paths.Database}' cannot be used: {e.Message}", e);
        }
        catch (SigningException e)
        {
            held.Dispose();
            throw new RelayStartException(e.Message, e);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The parts are registered as instances, which the container does not dispose: this folder does.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(_ => this);
        services.AddSingleton(Paths);
        services.AddSingleton(Database);
        services.AddSingleton(Artifacts);
        services.AddSingleton(Keys);
        services.AddSingleton(Publisher);
        services.AddSingleton(Signing.Artifacts);
        services.AddSingleton(s => new VersionPackager(
            Artifacts, s.GetRequiredService<RepositoryCache>(), Signing.Evidence, Signing.Timestamps, s.GetRequiredService<TimeProvider>()));
    }

    public void Dispose()
    {
        Signing.Dispose();
        Keys.Dispose();
        Database.Dispose();
        Held.Dispose();
    }
}
