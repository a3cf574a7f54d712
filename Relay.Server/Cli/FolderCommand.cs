using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts;

namespace Relay.Server.Cli;

/// <summary><c>relay folder</c>: a data folder whose files the database has.</summary>
internal static class FolderCommand
{
    public static Command Create() => new("folder", "Shows and stores the files of a data folder that a PostgreSQL database has.")
    {
        CreateStatus(), CreateStore(),
    };

    private static Command CreateStatus()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new(
            "status", "Says whether this copy is the one that is changed, and which of its files differ from those of the database.") { data };
        database.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            StoredFolderState state = StoredFolders.Inspect(database.Open(parsed, parsed.GetValue(data)!));
            await output.WriteLineAsync(
                state.IsCurrent ? $"This is the folder of the relay that works, at change {state.Change}."
                : $"This is a copy at change {state.Change} of {state.LastChange}: another folder is that of the relay that works.");
            foreach (FolderDifference difference in state.Differences)
            {
                await output.WriteLineAsync(DisplayText.Format($"{Describe(difference.Kind)} {difference.Name}"));
            }

            if (state.IsCurrent && state.Differences.Any(difference => FolderParts.IsPlacedByHand(difference.Name)))
            {
                await output.WriteLineAsync(
                    "What you have changed of keys, tls, signer.json and repository/rotation goes to the other relays by: relay folder store");
            }

            return 0;
        });
        return command;
    }

    private static Command CreateStore()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new(
            "store",
            "Puts files into the database that you have placed, changed or deleted by hand: those of keys, tls and repository/rotation, and "
            + "signer.json. It is for the machine of the relay that works.") { data };
        database.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            DataFolder folder = database.Open(parsed, parsed.GetValue(data)!);
            using StoredFolder stored = StoredFolders.Join(folder) ?? throw new CommandException(
                $"The files of '{folder.Root}' are in no database: a relay that is started with --folder-key-file puts them there.");
            CommandAudit.Enter(parsed, folder);
            foreach (FolderDifference difference in stored.StorePlaced())
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    DisplayText.Format($"stored: {Describe(difference.Kind)} {difference.Name}"));
            }

            return 0;
        });
        return command;
    }

    private static string Describe(FolderDifferenceKind kind) => kind switch
    {
        FolderDifferenceKind.Added => "added",
        FolderDifferenceKind.Changed => "changed",
        _ => "missing",
    };
}
