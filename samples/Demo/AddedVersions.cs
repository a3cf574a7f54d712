using Relay.Server.Keys;
using Relay.Server.Models;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Demo;

/// <summary>Adds versions that no training run made, signed with the relay's keys: what a broken trainer, or an attacker with the relay's whole disk,
/// would publish.</summary>
internal static class AddedVersions
{
    /// <summary>Adds altered copies of a version to the folder of a stopped relay.</summary>
    /// <param name="alterations">Each gets the bytes of the artifact and the number of the new version, and gives the new bytes.</param>
    /// <returns>Their numbers.</returns>
    public static async Task<IReadOnlyList<int>> AddAsync(
        string dataFolder, ModelVersion like, IReadOnlyList<Func<byte[], int, byte[]>> alterations, CancellationToken cancellationToken)
    {
        DataFolder folder = new(dataFolder);
        using FileLock held = folder.AcquireLock();
        using RelayDatabase database = RelayDatabase.Open(folder);
        OpenedKeys opened = await KeyStore.OpenAsync(folder.Keys, TimeProvider.System, cancellationToken);
        using SigningKeys keys = opened.Keys;
        ArtifactStore artifacts = new(folder);
        VersionStore versions = new(database);
        StoredVersion good = versions.Find(like.Name, like.Version) ?? throw new DemoException($"no version {like.Version} of {like.Name}");
        return [.. alterations.Select(Add)];

        int Add(Func<byte[], int, byte[]> alter)
        {
            int number = versions.NextVersion(like.Name);
            byte[] altered = alter(artifacts.Read(good.Card.Sha256), number);
            string signature = artifacts.Put(new ArtifactSigner(keys, TimeProvider.System).Sign(altered));
            ModelCard card = good.Card with { Version = number, Sha256 = artifacts.Put(altered), SizeBytes = altered.Length };
            database.Write((connection, transaction) =>
            {
                VersionStore.Add(
                    connection, transaction, new NewVersion(good.View.TrainingRun, card, signature),
                    TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                return number;
            });
            return number;
        }
    }
}
