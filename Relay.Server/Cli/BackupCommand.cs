using System.CommandLine;
using Relay.Server.Backups;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts;

namespace Relay.Server.Cli;

/// <summary><c>relay backup</c>: one file with the state of a relay, which may run meanwhile.</summary>
internal static class BackupCommand
{
    private const string StandardOutput = "-";

    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Argument<string> file = new("file")
        {
            Description = "The file to write, compressed where its name ends with gz; - writes an uncompressed one to standard output.",
        };
        Command command = new(
            "backup",
            "Writes the state of a relay into one tar file, whether the relay runs or not. The file holds private keys: keep it secret.")
        {
            file, data,
        };
        DatabaseOptions database = new();
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string root = parsed.GetValue(data)!;
            RepositoryAccess.FindRepository(root);
            DataFolder folder = database.Open(parsed, root);
            using IDisposable? stored = StoredFolders.Join(folder);
            RelayBackup backup = new(folder, TimeProvider.System, RepositoryAccess.WaitFor(parsed));
            string path = parsed.GetValue(file)!;
            if (path == StandardOutput)
            {
                await using Stream output = Console.OpenStandardOutput();
                await backup.WriteAsync(output, cancellationToken);
                return 0;
            }

            TextWriter text = parsed.InvocationConfiguration.Output;
            (BackupDescription description, int files) = await StageDisplay.RunAsync(
                text, TimeProvider.System, show => backup.WriteFileAsync(path, (done, total) => show("write", done, total), cancellationToken));
            await text.WriteLineAsync(DisplayText.Format($"{path}: {files} files, {new FileInfo(path).Length} bytes"));
            await text.WriteLineAsync(BackupText.Describe(description));
            await text.WriteLineAsync("It holds private keys. Check it with: relay restore --check " + DisplayText.Format($"{path}"));
            return 0;
        });
        return command;
    }
}
