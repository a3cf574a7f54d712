using Relay.Server.Repository;

namespace Relay.Server.Hosting.Inventory;

/// <summary>Compares what is there with what was there. Pure.</summary>
/// <remarks>
/// A folder of an older relay has no manifest. Its first start has created, in this order: the database, the keys, the repository,
/// <c>trust/root.json</c>, the admin key, the authority for TLS. A part that came later shows that the earlier ones were there.
/// </remarks>
internal static class LossFinder
{
    /// <param name="manifest">Null for a new folder, and for that of an older relay.</param>
    /// <param name="usesOwnAuthority">False where the operator gives a certificate.</param>
    /// <param name="hasCeremonyKeys">True where the operator gives the keys again: a key folder that is missing is restored from them.</param>
    public static IReadOnlyList<LostPart> Find(RelayManifest? manifest, FolderInventory found, bool usesOwnAuthority, bool hasCeremonyKeys)
    {
        bool wasStarted = manifest is not null || found.WasStarted;
        LostPart?[] lost =
        [
            FindDatabase(manifest, found, wasStarted || found.HasKeys || found.HasMetadata || found.HasAuthority || found.HasArtifacts),
            (wasStarted || found.HasMetadata) && !found.HasKeys && !hasCeremonyKeys
                ? new(RelayPart.Keys, "the key folder keys is missing or has no keys") : null,
            FindRepository(manifest, found, wasStarted),
            usesOwnAuthority && !found.HasAuthority && (manifest?.Has(RelayPart.Authority) == true || found.HasFilesOfAuthority)
                ? new(RelayPart.Authority, "the key of the TLS authority, tls/ca.key, is missing") : null,
            manifest?.Has(RelayPart.SignerSettings) == true && !found.HasSignerSettings
                ? new(RelayPart.SignerSettings, "signer.json, which names the signer of models, is missing", Replace: false) : null,
        ];
        return [.. lost.OfType<LostPart>()];
    }

    private static LostPart? FindDatabase(RelayManifest? manifest, FolderInventory found, bool isExpected) => found.Database switch
    {
        null => isExpected ? new(RelayPart.Database, $"{found.DatabaseName} is missing or empty") : null,
        { Damage: { } damage } => new(RelayPart.Database, $"{found.DatabaseName} is damaged ({damage})"),
        { HasApiKeys: false } when found.WasStarted && manifest is { Database: not 0 } =>
            new(RelayPart.Database, $"{found.DatabaseName} is not the one of this folder: it is empty"),
        { Identity: not 0 and var identity } when manifest is { Database: not 0 and var known } && known != identity =>
            new(RelayPart.Database, $"{found.DatabaseName} is that of another relay"),
        { TrainingRuns: var runs } when manifest is { TrainingRuns: var known } && runs < known =>
            new(RelayPart.Database, $"{found.DatabaseName} is an older copy (training run {runs} is its last, {known} was)", Replace: false),
        _ => null,
    };

    private static LostPart? FindRepository(RelayManifest? manifest, FolderInventory found, bool isExpected)
    {
        if (found.RepositoryDamage is { } damage)
        {
            return new(RelayPart.Repository, $"the repository is damaged ({damage.TrimEnd('.')})");
        }

        if (found.Repository is not { } snapshot)
        {
            return isExpected ? new(RelayPart.Repository, "the repository has no metadata/timestamp.json, or is missing") : null;
        }

        if (manifest?.FirstRoot is { } known && found.FirstRoot is { } first && known != first)
        {
            return new(RelayPart.Repository, "the repository is that of another relay");
        }

        return RoleStatus.FromSnapshot(snapshot).FirstOrDefault(role => role.Version < manifest?.Versions.GetValueOrDefault(role.Role)) is { } older
            ? new(
                RelayPart.Repository,
                $"the repository is an older copy (version {older.Version} of {older.Role} is current, {manifest!.Versions[older.Role]} was)",
                    Replace: false)
            : null;
    }
}
