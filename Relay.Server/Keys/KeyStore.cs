using System.Security.Cryptography;
using Relay.Server.Keys.Encryption;
using Relay.Server.Keys.Signers;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Keys;

/// <summary>The keys of the relay, and whether this call made them.</summary>
public sealed record OpenedKeys(SigningKeys Keys, bool Created);

/// <summary>
/// Opens or creates the key folder: PEM files, mode 0700 with files of 0600. It is created under another name and renamed when all is
/// flushed: a folder of the final name is complete, and what a crash left incomplete is deleted at the next start.
/// </summary>
public static class KeyStore
{
    /// <summary>The notice for an operator whose relay still holds its root keys.</summary>
    public const string OfflineAdvice =
        "This relay made its own keys and holds the root keys as well: good for trying it out. In production keep "
        + "root-1.pem, root-2.pem, root-3.pem and cms-root-key.pem offline; the relay runs without them.";

    private static readonly string[] RoleFiles =
        ["root-1.pem", "root-2.pem", "root-3.pem", "targets.pem", "channels.pem", "snapshot.pem", "timestamp.pem"];

    private static readonly string[] OnlineRoles = [RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp];

    /// <summary>Opens the folder. When there is none, it is copied from the online half of a ceremony, or else all keys are made.</summary>
    /// <param name="ceremony">The folder <c>online</c> that <c>relay keys init</c> made; null where the relay makes its own keys.</param>
    /// <exception cref="InvalidDataException">A key that the relay cannot do without is missing or damaged. None is made in its
    /// place: nodes would not know it.</exception>
    /// <exception cref="SigningException">A command that a file of the folder names cannot sign.</exception>
    public static Task<OpenedKeys> OpenAsync(
        string folder, TimeProvider timeProvider, CancellationToken cancellationToken, string? ceremony = null) =>
        OpenAsync(folder, timeProvider, new DurableFiles(), cancellationToken, ceremony);

    /// <param name="wait">For the folder's lock; null: no one is told of a wait.</param>
    /// <param name="passphraseFile">The file with the passphrase: new keys are made under it, and those that are there must be. Null: the one that
    /// the folder names, if its keys are encrypted.</param>
    internal static async Task<OpenedKeys> OpenAsync(
        string folder, TimeProvider timeProvider, DurableFiles files, CancellationToken cancellationToken, string? ceremony = null,
        LockWait? wait = null, string? passphraseFile = null)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        files.CreateFolder(Path.GetDirectoryName(folder)!);
        using FileLock held = await FileLock.AcquireAsync(folder + ".lock", wait ?? new(), cancellationToken);
        bool missing = !Directory.Exists(folder);
        if (missing)
        {
            string halfMade = folder + ".new";
            files.DeleteFolder(halfMade);
            files.CreateFolder(halfMade, DurableFiles.OwnerFolder);
            if (ceremony is null)
            {
                if (passphraseFile is not null)
                {
                    new KeyFolderEncryption(halfMade, files).Encrypt(passphraseFile);
                }

                Create(halfMade, timeProvider.GetUtcNow(), files);
            }
            else
            {
                Copy(ceremony, halfMade, passphraseFile, files);
            }

            files.RenameFolder(halfMade, folder);
        }
        else if (passphraseFile is not null)
        {
            new KeyFolderEncryption(folder, files).Relocate(passphraseFile);
        }

        new KeyFolderEncryption(folder, files).Finish();

        return new(Load(folder, timeProvider.GetUtcNow(), files), missing && ceremony is null);
    }

    /// <summary>Opens the folder unchanged, to replace keys, of which one may be lost.</summary>
    /// <exception cref="InvalidDataException">There is no such folder, or a file in it is damaged.</exception>
    internal static SigningKeys OpenForRotation(string folder) => Directory.Exists(folder)
        ? Load(Path.GetFullPath(folder), [])
        : throw new InvalidDataException($"There is no key folder '{folder}'.");

    private static void Create(string folder, DateTimeOffset now, DurableFiles files)
    {
        foreach (string name in RoleFiles)
        {
            KeyFolder.Create(folder, name, files).Dispose();
        }

        CmsKeyFolder.Create(folder, now, files);
    }

    private static void Copy(string ceremony, string folder, string? passphraseFile, DurableFiles files)
    {
        if (!Directory.Exists(ceremony))
        {
            throw new InvalidDataException($"There is no folder '{ceremony}' to take keys from.");
        }

        if (passphraseFile is null)
        {
            Load(ceremony, OnlineRoles).Dispose();
        }
        else
        {
            KeyPassphrase.Require(ceremony);
        }

        foreach (string file in Directory.EnumerateFiles(ceremony))
        {
            files.Write(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file), DurableFiles.OwnerFile);
        }

        // The passphrase of the copy is where this machine has it.
        if (passphraseFile is not null)
        {
            new KeyFolderEncryption(folder, files).Relocate(passphraseFile);
            Load(folder, OnlineRoles).Dispose();
        }
    }

    private static SigningKeys Load(string folder, DateTimeOffset now, DurableFiles files)
    {
        try
        {
            CmsKeyFolder.RenewDueSigner(folder, now, files);
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw Damaged(folder, damaged);
        }

        return Load(folder, OnlineRoles);
    }

    private static SigningKeys Load(string folder, IReadOnlyList<string> required)
    {
        try
        {
            IReadOnlyDictionary<string, IReadOnlyList<RoleSigner>> keys = KeyFolder.Read(folder);
            return required.FirstOrDefault(role => !keys.ContainsKey(role)) is { } missing
                ? throw new InvalidDataException(
                    $"The key folder '{folder}' is damaged: it has no {missing}.pem. If the key is lost: relay keys rotate {missing}.")
                : new(keys, CmsKeyFolder.ReadRoots(folder), CmsKeyFolder.ReadSigner(folder), ReadCeremony(folder), folder);
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw Damaged(folder, damaged);
        }
    }

    private static CeremonyMetadata? ReadCeremony(string folder)
    {
        string root = Path.Combine(folder, MetadataPaths.Versioned(RoleNames.Root, 1));
        return File.Exists(root)
            ? new(File.ReadAllBytes(root), File.ReadAllBytes(Path.Combine(folder, MetadataPaths.Versioned(RoleNames.Targets, 1))))
            : null;
    }

    // A command that cannot sign says what it needs, and no file is damaged.
    private static bool IsDamage(Exception error) =>
        error is FileNotFoundException or ArgumentException or (CryptographicException and not SigningException);

    private static InvalidDataException Damaged(string folder, Exception damaged) =>
        new($"The key folder '{folder}' is damaged: {damaged.Message}", damaged);
}
