using System.CommandLine;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys</c>: the commands of key holders.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Creates, inspects and rotates the keys of a relay.")
    {
        CreateInit(),
        KeysStatusCommand.Create(),
        KeysCreateCommand.Create(),
        KeysCmsCommands.CreateCms(),
        KeysEncryptCommands.CreateEncrypt(),
        KeysEncryptCommands.CreateDecrypt(),
        KeysRotateCommand.Create(),
        KeysRotateCommand.CreateRevoke(),
        KeysRotateCommand.CreateRenewRoot(),
        KeysRootCommands.CreateExport(),
        KeysRootCommands.CreateImport(),
    };

    private static Command CreateInit()
    {
        Argument<string> folder = new("folder") { Description = "A new folder, preferably on a machine without a network." };
        Option<int> rootKeys = Count("--root-keys", "The number of root keys.", 3);
        Option<int> rootThreshold = Count("--root-threshold", "The number of root keys that must sign a root.", RoleAssignments.DefaultRootThreshold);
        Option<int> targetsKeys = Count("--targets-keys", "The number of targets keys.", 1);
        Option<int> targetsThreshold = Count("--targets-threshold", "The number of targets keys that must sign a publication.", 1);
        Option<FileInfo[]> givenRoot = Given("--root-key", "root");
        Option<FileInfo[]> givenTargets = Given("--targets-key", "targets");
        Option<FileInfo?> passphrase = KeysEncryptCommands.NewPassphraseOption("the keys in 'offline'");
        Command command = new("init", "Creates all keys of a new relay in two folders: 'offline' for key holders, 'online' for the relay.")
        {
            folder, rootKeys, rootThreshold, givenRoot, targetsKeys, targetsThreshold, givenTargets, passphrase,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string made = parsed.GetValue(folder)!;
            CeremonyPlan plan = new(
                parsed.GetValue(rootKeys), parsed.GetValue(rootThreshold), parsed.GetValue(targetsKeys), parsed.GetValue(targetsThreshold))
            {
                GivenRootKeys = [.. (parsed.GetValue(givenRoot) ?? []).Select(file => file.FullName)],
                GivenTargetsKeys = [.. (parsed.GetValue(givenTargets) ?? []).Select(file => file.FullName)],
            };
            RepositoryAccess.RequireClock(TimeProvider.System);
            string? passphraseFile = parsed.GetValue(passphrase)?.FullName;
            KeyCeremony.Create(made, plan, TimeProvider.System.GetUtcNow(), new DurableFiles(), passphraseFile);
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(
                DisplayText.Format(
                    $"{Path.Combine(made, KeyCeremony.OfflineFolder)}: give each key to a different person, and keep a copy in a safe."));
            await KeysEncryptCommands.WriteEncryptedAsync(output, passphraseFile);
            await output.WriteLineAsync(DisplayText.Format(
                $"{Path.Combine(made, KeyCeremony.OnlineFolder)}: copy this folder to the relay's machine and start the relay there:"));
            await output.WriteLineAsync(DisplayText.Format($"  relay serve --data DATA --keys {KeyCeremony.OnlineFolder}"));
            return 0;
        });
        return command;
    }

    private static Option<FileInfo[]> Given(string name, string role)
    {
        Option<FileInfo[]> option = new(name)
        {
            Description = $"The signer file of a {role} key that exists, such as in an HSM, in place of one that is made; once for each.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptExistingOnly();
        return option;
    }

    private static Option<int> Count(string name, string description, int value) =>
        new(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => value };
}
