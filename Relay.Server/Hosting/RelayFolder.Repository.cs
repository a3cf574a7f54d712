using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Repository;
using Relay.Server.Repository.Pruning;
using Relay.Server.Retention;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Shared.Platform.Files;

namespace Relay.Server.Hosting;

/// <summary>The repository of the folder, with what it asks the database.</summary>
internal sealed partial class RelayFolder
{
    private static TufRepository CreateRepository(
        RelayOptions options, DataFolder paths, RelayDatabase database, SigningKeys keys, long lowestVersion, LockWait wait)
    {
        TimeProvider timeProvider = options.TimeProvider;
        TufRepository repository = new(paths.Repository, keys, timeProvider, new DurableFiles(), lowestVersion, paths.Artifacts)
        {
            LockWait = wait,
        };
        repository.IsClockConfirmed = options.ClockIsRight;
        repository.Reservations = new RolloutStore(database, timeProvider);
        repository.ArchivedModels = new ModelStore(database, timeProvider);
        repository.StoredVersions = new VersionStore(database);
        repository.Pruner = new(
            new NamedReleasesFile(paths.Repository, new DurableFiles()), options.Pruning,
            new StoredReleaseUses(database, new VersionSteps(database, timeProvider)));
        if (options.DatabaseLock is not null)
        {
            // One that lost its lock meanwhile signs nothing more: another relay does.
            repository.RequireRight = () => database.Write((_, _) => true);
        }
        else
        {
            ActiveRelay.Withdraw(database);
        }

        return repository;
    }
}
