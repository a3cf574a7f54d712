using System.CommandLine;
using System.Security.Cryptography;
using Relay.Server.Keys;
using Relay.Server.Keys.Encryption;
using Relay.Server.Repository.Publishing;
using Relay.Server.Repository.Rotation;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary>The keys of model signatures: <c>relay keys create-cms</c>, and <c>rotate</c> for cms-signer and cms-root.</summary>
internal static class KeysCmsCommands
{
    private const string Restart = "A running relay uses the new signer after its next start.";

    public static Option<string?> FromOption() => new("--from")
    {
        Description =
            "For cms-root: a folder with cms-root.pem of 'relay keys create-cms', and with cms-signer.pem if the relay holds the signer's key.",
        HelpName = "folder",
    };

    public static Option<bool> FinishOption() => new("--finish") { Description = "For cms-root: nodes accept only the newest root from now on." };

    public static Command CreateCms()
    {
        Argument<string> folder = new("folder") { Description = "A new folder, preferably on a machine without a network." };
        Option<FileInfo?> passphrase = KeysEncryptCommands.NewPassphraseOption("the root's key");
        Option<FileInfo> rootKey = new("--root-key")
        {
            Description = "The signer file of a key that exists, such as in an HSM, for the root. Default: a key is made.",
            HelpName = "file",
        };
        rootKey.AcceptExistingOnly();
        Command command = new("create-cms", "Creates a CMS root and a signer under it, on the machine that will keep the root's key.")
        {
            folder, rootKey, passphrase,
        };
        command.SetAction(async (parsed, _) =>
        {
            string made = Path.GetFullPath(parsed.GetValue(folder)!);
            if (Directory.Exists(made))
            {
                throw new InvalidDataException($"'{made}' exists, and a key is never overwritten.");
            }

            string? passphraseFile = parsed.GetValue(passphrase)?.FullName;
            string? secret = passphraseFile is null ? null : KeyPassphrase.ReadFile(passphraseFile);
            RepositoryAccess.RequireClock(TimeProvider.System);
            if (GivenOptions.Has(parsed, rootKey))
            {
                GivenOptions.Refuse(parsed, [passphrase], "is for a key that is made, and --root-key names one that exists: leave out one of them");
            }

            using ECDsa? given = parsed.GetValue(rootKey) is { } file ? KeyFolder.OpenFile(file.FullName) : null;
            DurableFiles files = new();
            files.DeleteFolder(made + ".new");
            files.CreateFolder(made + ".new", DurableFiles.OwnerFolder);
            CmsKeyFolder.Create(made + ".new", made + ".new", secret, TimeProvider.System.GetUtcNow(), files, given);
            files.RenameFolder(made + ".new", made);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (given is null)
            {
                await output.WriteLineAsync(
                    DisplayText.Format($"{Path.Combine(made, "cms-root-key.pem")}: stays on this machine; keep a copy in a safe."));
            }

            await KeysEncryptCommands.WriteEncryptedAsync(output, passphraseFile);
            await output.WriteLineAsync(
                DisplayText.Format($"{made}/cms-root.pem, cms-signer.pem: copy both to a folder on the relay's machine and run there:"));
            await output.WriteLineAsync("  relay keys rotate cms-root --from FOLDER");
            return 0;
        });
        return command;
    }

    public static async Task RotateAsync(
        RotationSession session, string role, string? from, bool finish, TextWriter output, CancellationToken cancellationToken)
    {
        if (role == CmsRotation.SignerRole)
        {
            if (session.Cms.RotateSigner() is { } refusal)
            {
                throw new CommandException(refusal.Detail);
            }

            await output.WriteLineAsync(DisplayText.Format($"The relay has a new signer; the private key of the old one is deleted. {Restart}"));
            await output.WriteLineAsync("Signatures of the old signer stay valid. If its key was stolen, run 'relay keys rotate cms-root' next.");
            return;
        }

        PolicyPublication publication = RotationSession.Require(finish
            ? await session.Cms.FinishRootAsync(cancellationToken)
            : await session.Cms.RotateRootAsync(from, cancellationToken));
        if (publication.Pending is { } pending)
        {
            await output.WriteLineAsync(
                DisplayText.Format($"The change needs signatures of offline keys: relay approve {pending} --key KEY.pem. After that:"));
        }

        await output.WriteLineAsync(
            finish ? "Nodes accept only models under the newest CMS root." : $"Nodes accept models under the old and the new CMS root. {Restart}");
        if (!finish)
        {
            await output.WriteLineAsync("When the models of all channels are signed under the new root: relay keys rotate cms-root --finish");
        }
    }
}
