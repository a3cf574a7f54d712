using Relay.Server.Keys;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Hosting.Inventory;

/// <summary>The check before a start: what the relay had must be there, or the operator must say that it may begin anew.</summary>
internal sealed class StartCheck
{
    private static readonly string[] OnlineRoles = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];

    private readonly DataFolder _folder;
    private readonly ManifestStore _manifests;
    private readonly bool _startAnew;
    private readonly List<LostPart> _lost;
    private IReadOnlyList<string> _abandoned;

    private StartCheck(
        DataFolder folder, RelayManifest? manifest, FolderInventory found, IReadOnlyList<LostPart> lost, bool startAnew, DateTimeOffset now)
    {
        (_folder, _manifests, _startAnew) = (folder, new(folder), startAnew);
        (Manifest, Found, _lost) = (manifest, found, [.. lost]);
        _abandoned = manifest?.AbandonedArtifacts ?? [];
        LowestVersion = NewBeginning.LowestVersion(manifest, lost, now);
    }

    /// <summary>What the last start remembered; null for a new folder, and for that of an older relay.</summary>
    private RelayManifest? Manifest { get; }

    private FolderInventory Found { get; }

    /// <summary>The lowest version that the repository may give, to each role but root; 0: none.</summary>
    public long LowestVersion { get; }

    /// <exception cref="RelayStartException">A part is lost, and the operator did not say that the relay may begin anew.</exception>
    public static StartCheck Run(DataFolder folder, bool startAnew, bool usesOwnAuthority, bool hasCeremonyKeys, DateTimeOffset now)
    {
        RelayManifest? manifest = new ManifestStore(folder).Read();
        RequireEngine(folder, manifest);
        FolderInventory found = FolderInventory.Read(folder, now);
        if (folder.Server is not null && manifest is null && found is { HasTrustedRoot: false, Database.HasApiKeys: true })
        {
            throw new RelayStartException(
                $"{DatabaseNames.Find(folder, isFirst: true)} is that of a relay whose data folder is not '{folder.Root}': start it with that "
                + "folder. A new relay needs an empty database; where the folder is lost, restore a backup into a new folder and an empty database.");
        }

        IReadOnlyList<LostPart> lost = LossFinder.Find(manifest, found, usesOwnAuthority, hasCeremonyKeys);
        if (lost.Count > 0 && !startAnew)
        {
            throw Refuse(folder, lost);
        }

        new NewBeginning(folder, new DurableFiles()).Prepare(lost, hasCeremonyKeys, now);
        return new(folder, manifest, found, lost, startAnew, now);
    }

    /// <summary>For commands that delete: where the database or the repository is lost, all the rest looks like garbage.</summary>
    /// <exception cref="RelayStartException">One of them is missing, empty, damaged, of another relay or an older copy.</exception>
    public static void RequireDatabaseAndRepository(DataFolder folder, DateTimeOffset now)
    {
        // The manifest first: a relay that runs only adds to what it says.
        RelayManifest? manifest = new ManifestStore(folder).Read();
        RequireEngine(folder, manifest);
        LostPart[] lost = [.. LossFinder
            .Find(manifest, FolderInventory.Read(folder, now), usesOwnAuthority: false, hasCeremonyKeys: true)
            .Where(part => part.Part is RelayPart.Database or RelayPart.Repository)];
        if (lost.Length > 0)
        {
            throw Refuse(folder, lost);
        }
    }

    /// <summary>Checks that the keys can sign what the repository needs every day. Keys of another relay would run for a day, until the
    /// timestamp expires.</summary>
    /// <exception cref="RelayStartException">They cannot.</exception>
    public void RequireKeysOfRepository(SigningKeys keys)
    {
        if (Found.Repository is not { } repository || _lost.Any(part => part is { Replace: true, Part: RelayPart.Keys or RelayPart.Repository }))
        {
            return;
        }

        RoleAssignments assignments = repository.Assignments;
        if (OnlineRoles.FirstOrDefault(role => !keys.CanSign(assignments[role])) is { } lacking)
        {
            throw new RelayStartException(
                $"The keys in '{_folder.Keys}' are not those of the repository: it needs {assignments[lacking].Threshold} keys of {lacking}, and "
                + $"{keys.HeldFor(assignments[lacking]).Count} of those that it lists are there. Restore the key folder " +
                    $"from a backup; or, if the keys "
                + $"are lost, replace them: relay keys rotate {lacking}.");
        }
    }

    /// <summary>Checks that the files are there to which the database refers.</summary>
    /// <exception cref="RelayStartException">Some are not, and the operator did not say that they are lost.</exception>
    public void RequireArtifacts(ArtifactStore artifacts, IReadOnlyList<StoredFile> referenced)
    {
        string[] missing = [.. artifacts.FindMissing(referenced)];
        string[] unknown = [.. missing.Except(_abandoned, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            string examples = string.Join(", ", unknown.Take(3)) + (unknown.Length > 3 ? ", ..." : "");
            _lost.Add(new(
                RelayPart.Artifacts,
                $"{unknown.Length} of {referenced.DistinctBy(file => file.Sha256).Count()} files in artifacts are missing or cut off: {examples}",
                    Replace: false));
        }

        if (unknown.Length > 0 && !_startAnew)
        {
            throw Refuse(_folder, _lost);
        }

        _abandoned = missing;
    }

    /// <summary>Refuses <c>--start-anew</c> where it has no effect: left in a script, it would accept the next loss unseen.</summary>
    /// <exception cref="RelayStartException">Nothing is lost.</exception>
    public void RequireLoss()
    {
        if (_startAnew && _lost.Count == 0 && (Manifest is not null || Found.WasStarted))
        {
            throw new RelayStartException(
                $"Nothing is missing in '{_folder.Root}': start without --start-anew, which would accept the next loss unseen.");
        }
    }

    /// <summary>Writes the lowest version down before anything is signed: a start that is killed, and each one until people have signed targets, goes
    /// on with the same.</summary>
    public void RememberLowestVersion()
    {
        if (_manifests.Read() is { } newest && (newest.Restored || newest.LowestVersion != LowestVersion))
        {
            _manifests.Write(newest with { Sequence = newest.Sequence + 1, Restored = false, LowestVersion = LowestVersion });
        }
    }

    /// <summary>Writes down what is there now.</summary>
    public void Remember(RelayDatabase database, TufRepository repository)
    {
        RelayManifest next = Describe(database, repository);
        RelayManifest? newest = _manifests.Read();
        _manifests.Write(newest is not null && next.SaysTheSameAs(newest) ? newest : next with { Sequence = (newest?.Sequence ?? 0) + 1 });
    }

    private RelayManifest Describe(RelayDatabase database, TufRepository repository)
    {
        List<RelayPart> parts = [RelayPart.Database, RelayPart.Keys, RelayPart.Repository];
        if (File.Exists(_folder.AuthorityKey) || Manifest?.Has(RelayPart.Authority) == true)
        {
            parts.Add(RelayPart.Authority);
        }

        if (File.Exists(_folder.SignerSettings))
        {
            parts.Add(RelayPart.SignerSettings);
        }

        Dictionary<string, long> versions = RoleStatus.FromSnapshot(repository.Read()).ToDictionary(role => role.Role, role => role.Version);
        return new()
        {
            Parts = parts,
            Database = database.EnsureIdentity(),
            Engine = _folder.Server is null ? null : DatabaseEngine.Postgres,
            TrainingRuns = database.LastTrainingRun(),
            FirstRoot = FileHashes.Compute(repository.FirstRoot()).Sha256,
            Versions = versions,
            LowestVersion = versions.Any(role => role.Key != RoleNames.Root && role.Value < LowestVersion) ? LowestVersion : 0,
            AbandonedArtifacts = _abandoned,
        };
    }

    private static void RequireEngine(DataFolder folder, RelayManifest? manifest)
    {
        if (DatabaseEngine.FindError(folder, manifest) is { } error)
        {
            throw new RelayStartException(error);
        }
    }

    private static RelayStartException Refuse(DataFolder folder, IReadOnlyList<LostPart> lost) => new(
        $"'{folder.Root}' lacks what this relay had: {string.Join("; ", lost.Select(part => part.Finding))}. Nothing was changed. "
        + "Either restore it from a backup and start again; or start once with --start-anew, which means: "
        + $"{string.Join("; ", lost.Select(part => part.Cost).Distinct(StringComparer.Ordinal))}.");
}
