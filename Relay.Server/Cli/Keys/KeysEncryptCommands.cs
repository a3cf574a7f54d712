using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Keys.Encryption;
using Relay.Server.Repository;
using Relay.Server.Storage.Folders;
using Shared.Contracts;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys encrypt</c> and <c>relay keys decrypt</c>: the keys in the folder of a relay, or in another folder, under a
/// passphrase.</summary>
internal static class KeysEncryptCommands
{
    private const string FolderText = "Another folder of keys, such as 'offline' of 'relay keys init', instead of that of --data.";

    public static Option<FileInfo?> PassphraseOption() => new("--key-passphrase-file")
    {
        Description = "The file with the passphrase of an encrypted key. Default: the one that the key's folder names.",
        HelpName = "file",
    };

    /// <param name="keys">What is encrypted.</param>
    public static Option<FileInfo?> NewPassphraseOption(string keys) => new("--key-passphrase-file")
    {
        Description = $"Encrypts {keys} by the passphrase in this file, one line of 20 characters or more. Default: no encryption.",
        HelpName = "file",
    };

    /// <summary>Says what an owner of new keys has to keep.</summary>
    /// <param name="passphraseFile">Null: nothing, they are not encrypted.</param>
    public static async Task WriteEncryptedAsync(TextWriter output, string? passphraseFile)
    {
        if (passphraseFile is not null)
        {
            await output.WriteLineAsync(DisplayText.Format(
                $"  encrypted: the passphrase is in {passphraseFile}, and without it they are lost. Keep it elsewhere than the keys."));
        }
    }

    public static Command CreateEncrypt()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Option<string?> folder = new("--folder") { Description = FolderText, HelpName = "folder" };
        Option<string> passphrase = new("--key-passphrase-file")
        {
            Description = "The file with the passphrase, as one line of 20 characters or more. It must lie outside of the data folder.",
            HelpName = "file",
            Required = true,
        };
        Command command = new("encrypt", "Encrypts the private keys of a relay; it may run.") { data, folder, passphrase };
        DatabaseOptions database = new();
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = Path.GetFullPath(parsed.GetValue(passphrase)!);
            int count = await ChangeAsync(parsed, data, database, folder, keys => keys.Encrypt(path), cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(
                DisplayText.Format($"{count} files of keys are encrypted. Their passphrase is in {path}, and without it they are lost."));
            await output.WriteLineAsync(
                "Earlier backups have the keys as they were. If others may have read them, replace the keys by 'relay keys rotate'.");
            return 0;
        });
        return command;
    }

    public static Command CreateDecrypt()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Option<string?> folder = new("--folder") { Description = FolderText, HelpName = "folder" };
        Command command = new("decrypt", "Decrypts the private keys of a relay, for instance to put them under another passphrase.") { data, folder };
        DatabaseOptions database = new();
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int? count = await ChangeAsync(parsed, data, database, folder, keys => keys.Decrypt(), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                count is { } files ? DisplayText.Format($"{files} files of keys are no longer encrypted.") : "The keys are not encrypted.");
            return 0;
        });
        return command;
    }

    // A start locks the folder, and a rotation the repository.
    private static async Task<T> ChangeAsync<T>(
        ParseResult parsed, Option<string> data, DatabaseOptions database, Option<string?> folder, Func<KeyFolderEncryption, T> change,
        CancellationToken cancellationToken)
    {
        string? given = parsed.GetValue(folder);
        if (given is not null)
        {
            GivenOptions.Refuse(
                parsed, [data, .. database.Options], "is for the keys of a relay, and --folder names other keys: leave out one of them");
        }

        using FileLock? repository = given is null
            ? await FileLock.AcquireAsync(
                new RepositoryFiles(RepositoryAccess.FindRepository(parsed.GetValue(data)!), new DurableFiles()).LockPath,
                RepositoryAccess.WaitFor(parsed), cancellationToken)
            : null;
        string keys = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given ?? RepositoryAccess.KeysFolder(parsed.GetValue(data)!)));
        if (!Directory.Exists(keys))
        {
            throw new CommandException(DisplayText.Format($"There is no key folder '{keys}'."));
        }

        using IDisposable? stored = given is null ? StoredFolders.Join(database.Open(parsed, parsed.GetValue(data)!)) : null;
        if (given is null)
        {
            CommandAudit.Enter(parsed, database.Open(parsed, parsed.GetValue(data)!));
        }

        using FileLock held = await FileLock.AcquireAsync(keys + ".lock", RepositoryAccess.WaitFor(parsed), cancellationToken);
        bool isOfRelay = given is null || File.Exists(Path.Combine(keys, $"{RoleNames.Timestamp}.pem"));
        return change(new KeyFolderEncryption(keys, new DurableFiles(), isOfRelay ? KeyPem.RelayIterations : KeyPem.OfflineIterations));
    }
}
