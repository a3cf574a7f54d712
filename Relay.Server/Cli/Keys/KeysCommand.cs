using System.CommandLine;
using Relay.Server.Keys;
using Relay.Server.Storage;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys</c>: what people do with keys that a relay does not hold.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Makes and looks after the keys of a relay.")
    {
        CreateInit(),
        KeysStatusCommand.Create(),
        KeysCreateCommand.Create(),
        KeysCmsCommands.CreateCms(),
        KeysRotateCommand.Create(),
        KeysRotateCommand.CreateRevoke(),
        KeysRotateCommand.CreateRenewRoot(),
        KeysRootCommands.CreateExport(),
        KeysRootCommands.CreateImport(),
    };

    private static Command CreateInit()
    {
        Argument<string> folder = new("folder") { Description = "A new folder, best on a machine without a network." };
        Option<int> rootKeys = Count("--root-keys", "Root keys to make.", 3);
        Option<int> rootThreshold = Count("--root-threshold", "Root keys that must sign a root.", RoleAssignments.DefaultRootThreshold);
        Option<int> targetsKeys = Count("--targets-keys", "Targets keys to make.", 1);
        Option<int> targetsThreshold = Count("--targets-threshold", "Targets keys that must sign a publication.", 1);
        Command command = new("init", "Makes all keys of a new relay: 'offline' for people, 'online' for the relay.")
        {
            folder, rootKeys, rootThreshold, targetsKeys, targetsThreshold,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string made = parsed.GetValue(folder)!;
            CeremonyPlan plan = new(
                parsed.GetValue(rootKeys), parsed.GetValue(rootThreshold), parsed.GetValue(targetsKeys), parsed.GetValue(targetsThreshold));
            KeyCeremony.Create(made, plan, TimeProvider.System.GetUtcNow(), new DurableFiles());
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(
                $"{Path.Combine(made, KeyCeremony.OfflineFolder)}: give each key to another person, with a copy in a safe.");
            await output.WriteLineAsync($"{Path.Combine(made, KeyCeremony.OnlineFolder)}: copy it to the relay, and start it there with");
            await output.WriteLineAsync($"  relay serve --data DATA --keys {KeyCeremony.OnlineFolder}");
            return 0;
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };
}
