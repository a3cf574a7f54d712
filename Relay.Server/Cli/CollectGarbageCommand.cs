using System.CommandLine;
using Relay.Server.Repository.GarbageCollection;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay gc</c>: removes files that the repository no longer refers to, whether its relay runs or not.</summary>
internal static class CollectGarbageCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        Option<bool> dryRun = new("--dry-run") { Description = "Lists the files and removes none." };
        Command command = new("gc", $"Removes repository files that have been unreachable for {GarbageCollector.Grace.TotalDays:0} days.") { data, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool dry = parsed.GetValue(dryRun);
            GarbageCollector collector = new(RepositoryAccess.FindRepository(parsed.GetValue(data)!), TimeProvider.System, new DurableFiles());
            GarbageCollectionResult result = await collector.RunAsync(dry, cancellationToken);
            TextWriter output = parsed.InvocationConfiguration.Output;
            foreach (string path in result.Removed)
            {
                await output.WriteLineAsync($"{(dry ? "would remove" : "removed")} {path}");
            }

            await output.WriteLineAsync(
                $"{result.Removed.Count} files, {result.Bytes} bytes {(dry ? "to remove" : "removed")}; "
                + $"{result.Waiting.Count} more are unreachable and stay until {GarbageCollector.Grace.TotalDays:0} days have passed");
            return 0;
        });
        return command;
    }
}
