using System.Text.Json.Nodes;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Repository;

/// <summary>How many keys a ceremony makes, and how many of them must sign.</summary>
internal sealed record CeremonyPlan(int RootKeys, int RootThreshold, int TargetsKeys, int TargetsThreshold)
{
    private const int MaximumKeys = 16;

    /// <summary>Files of root keys that exist, such as in an HSM: that many fewer are made.</summary>
    public IReadOnlyList<string> GivenRootKeys { get; init; } = [];

    /// <summary>Files of targets keys that exist.</summary>
    public IReadOnlyList<string> GivenTargetsKeys { get; init; } = [];

    /// <summary>What is wrong with it; null when it is valid.</summary>
    public string? FindError() =>
        RootKeys is < 1 or > MaximumKeys || TargetsKeys is < 1 or > MaximumKeys ? $"A role has 1 to {MaximumKeys} keys."
        : RootThreshold < 1 || RootThreshold > RootKeys || TargetsThreshold < 1 || TargetsThreshold > TargetsKeys
            ? "A threshold is at least 1 and at most the number of keys."
        : GivenRootKeys.Count > RootKeys || GivenTargetsKeys.Count > TargetsKeys
            ? "A role has at least as many keys as are given for it: raise --root-keys or --targets-keys."
        : null;
}

/// <summary>
/// Makes all keys of a relay on a machine that is not the relay: people keep <c>offline/</c>, and the relay gets <c>online/</c>.
/// The first root and targets are signed here, since the relay will not have the keys for it.
/// </summary>
internal static class KeyCeremony
{
    public const string OfflineFolder = "offline";
    public const string OnlineFolder = "online";

    /// <summary>Makes the folder, whole or not at all.</summary>
    /// <param name="passphraseFile">The file with the passphrase under which the offline keys are written; null: they are not encrypted.</param>
    /// <exception cref="InvalidDataException">It exists, the plan cannot be, or the passphrase cannot be used.</exception>
    /// <exception cref="Relay.Server.Keys.Signers.SigningException">The command of a given key cannot sign.</exception>
    public static void Create(string folder, CeremonyPlan plan, DateTimeOffset now, DurableFiles files, string? passphraseFile = null)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (plan.FindError() is { } error)
        {
            throw new InvalidDataException(error);
        }

        if (Directory.Exists(folder))
        {
            throw new InvalidDataException($"'{folder}' exists, and keys are never overwritten.");
        }

        // A command that cannot sign is found before anything is made.
        using SigningKeys given = OpenGiven(plan);
        string halfMade = folder + ".new";
        string offline = Path.Combine(halfMade, OfflineFolder);
        string online = Path.Combine(halfMade, OnlineFolder);
        files.DeleteFolder(halfMade);
        foreach (string part in (string[])[halfMade, offline, online])
        {
            files.CreateFolder(part, DurableFiles.OwnerFolder);
        }

        if (passphraseFile is not null)
        {
            new KeyFolderEncryption(offline, files).Encrypt(passphraseFile);
        }

        CreateKeys(offline, RoleNames.Root, plan.RootKeys - plan.GivenRootKeys.Count, files);
        CreateKeys(offline, RoleNames.Targets, plan.TargetsKeys - plan.GivenTargetsKeys.Count, files);
        foreach (string role in (string[])[RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp])
        {
            KeyFolder.Create(online, $"{role}.pem", files).Dispose();
        }

        CmsKeyFolder.Create(online, offline, KeyPassphrase.ToWrite(offline), now, files);
        WriteMetadata(offline, online, given, plan, now, files);
        files.RenameFolder(halfMade, folder);
    }

    private static void CreateKeys(string folder, string role, int count, DurableFiles files)
    {
        for (int number = 1; number <= count; number++)
        {
            KeyFolder.Create(folder, $"{role}-{number}.pem", files, KeyPem.OfflineIterations).Dispose();
        }
    }

    private static SigningKeys OpenGiven(CeremonyPlan plan)
    {
        SigningKeys given = new(
            new Dictionary<string, IReadOnlyList<RoleSigner>>
            {
                [RoleNames.Root] = [.. plan.GivenRootKeys.Select(path => KeyFolder.ReadFile(path))],
                [RoleNames.Targets] = [.. plan.GivenTargetsKeys.Select(path => KeyFolder.ReadFile(path))],
            },
            [], null, null);
        return ((string[])[RoleNames.Root, RoleNames.Targets])
            .SelectMany(given.ForRole).GroupBy(key => key.KeyId).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidDataException($"The key {twice.Key} is given twice: each person has a key of its own, and each role too.")
            : given;
    }

    private static void WriteMetadata(
        string offline, string online, SigningKeys given, CeremonyPlan plan, DateTimeOffset now, DurableFiles files)
    {
        IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> made = KeyFolder.Read(offline);
        using SigningKeys held = new(
            ((string[])[RoleNames.Root, RoleNames.Targets]).ToDictionary(
                role => role, role => (IReadOnlyList<RoleSigner>)[.. given.ForRole(role), .. made.GetValueOrDefault(role) ?? []]),
            CmsKeyFolder.ReadRoots(online), null, null);
        using SigningKeys relay = new(KeyFolder.Read(online), CmsKeyFolder.ReadRoots(online), null, null);
        RoleAssignments assignments = RoleAssignments.FromHeldKeys(relay) with
        {
            Root = KeyGroup.FromSigners(held.ForRole(RoleNames.Root), plan.RootThreshold),
            Targets = KeyGroup.FromSigners(held.ForRole(RoleNames.Targets), plan.TargetsThreshold),
        };
        RepositoryChange change = new(null);
        RepositoryBootstrap.AddInitialTargets(change, held.CmsRoots);

        void Write(string role, JsonObject signed) => files.Write(
            Path.Combine(online, MetadataPaths.Versioned(role, 1)),
            MetadataWriter.Sign(signed, held.TakeThreshold(assignments[role])), DurableFiles.OwnerFile);
        Write(RoleNames.Root, MetadataWriter.Root(1, ExpirySchedule.Expiry(RoleNames.Root, now), assignments));
        Write(RoleNames.Targets, MetadataWriter.Targets(
            1, ExpirySchedule.Expiry(RoleNames.Targets, now), change.Targets, assignments.Channels));
    }
}
