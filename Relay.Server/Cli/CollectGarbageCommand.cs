using System.CommandLine;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;

namespace Relay.Server.Cli;

/// <summary><c>relay gc</c>: removes what the repository does not refer to any more, whether its relay runs or not.</summary>
internal static class CollectGarbageCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryCommands.DataOption();
        Option<bool> dryRun = new("--dry-run") { Description = "Shows what would be removed, and removes nothing." };
        Command command = new("gc", $"Removes repository files that nothing has referred to for {GarbageCollector.Grace.TotalDays:0} days.") { data, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool dry = parsed.GetValue(dryRun);
            GarbageCollector sweep = new(RepositoryCommands.FolderOf(parsed.GetValue(data)!), TimeProvider.System, new DurableFiles());
            GarbageCollectionResult result = await sweep.RunAsync(dry, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (string path in result.Removed)
            {
                await output.WriteLineAsync($"{(dry ? "would remove" : "removed")} {path}");
            }

            await output.WriteLineAsync(
                $"{result.Removed.Count} files, {result.Bytes} bytes {(dry ? "to remove" : "removed")}; "
                + $"{result.Waiting.Count} more are unreachable and stay until their {GarbageCollector.Grace.TotalDays:0} days are over");
            return 0;
        });
        return command;
    }
}
