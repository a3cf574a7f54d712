using System.CommandLine;
using System.Globalization;
using Relay.Server.Backups;
using Relay.Server.Cli.Audit;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay restore</c>: a data folder from a backup.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The file that relay backup wrote." };
        Option<string> data = RepositoryAccess.DataOption();
        data.Description = "The data folder to create; it must be empty or not there.";
        Option<bool> check = new("--check") { Description = "Unpacks and checks the backup in that folder, whatever is in it, and leaves nothing." };
        Command command = new("restore", "Restores a relay from a backup into an empty folder, once all of it is checked.") { file, data, check };
        DatabaseOptions database = new();
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string target = parsed.GetValue(data)!;
            string? server = database.Read(parsed);
            bool checkOnly = parsed.GetValue(check);
            TextWriter text = parsed.InvocationConfiguration.Output;
            await using FileStream backup = RegularFile.OpenRead(parsed.GetValue(file)!);
            BackupDescription restored = await StageDisplay.RunAsync(text, TimeProvider.System, show =>
                new RelayRestore(target, server: server).RunAsync(backup, checkOnly, (stage, done) => show(stage, done, null), cancellationToken));
            string at = restored.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
            await text.WriteLineAsync(DisplayText.Format($"backup of relay {restored.Relay} from {at}: ") + BackupText.Describe(restored));
            if (!checkOnly)
            {
                CommandAudit.Enter(parsed, new DataFolder(target, server));
            }

            await text.WriteLineAsync(checkOnly ? "The backup is whole: nothing was restored." : Advice(target, at, server is not null));
            return 0;
        });
        return command;
    }

    private static string Advice(string target, string at, bool hasServer) => DisplayText.Format(
        $"""
        Restored into {target}. Make sure that the other relay is stopped and stays so, then: relay serve --data {target}{(hasServer ? " --database-file FILE" : "")}
        What the relay did after {at} is forgotten: publish and revoke again what you need, and enroll nodes again that enrolled later.
        The first start signs the metadata again, far above the versions that nodes may have seen.
        """);
}
