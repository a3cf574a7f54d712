using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Models;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Storage;
using Relay.Server.Training;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay gc</c>: removes files that neither the repository nor the database refers to, whether the relay runs or not.</summary>
internal static class CollectGarbageCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Option<bool> dryRun = new("--dry-run") { Description = "Lists the files and removes none." };
        Command command = new(
            "gc",
            $"Removes repository files that have been unreachable for {GarbageCollector.Grace.TotalDays:0} days, and artifact files that no "
            + "version refers to and that are as old.") { data, dryRun };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool dry = parsed.GetValue(dryRun);
            string root = parsed.GetValue(data)!;
            string verb = dry ? "would remove" : "removed";
            TextWriter output = parsed.InvocationConfiguration.Output;
            string repository = RepositoryAccess.FindRepository(root);
            DataFolder folder = database.Open(parsed, root);
            StartCheck.RequireDatabaseAndRepository(folder, TimeProvider.System.GetUtcNow());
            if (!dry)
            {
                CommandAudit.Enter(parsed, folder);
            }

            GarbageCollector collector =
                new(repository, TimeProvider.System, new DurableFiles(), RepositoryAccess.WaitFor(parsed), _ => KeptTimestamps.All);
            GarbageCollectionResult result = await collector.RunAsync(dry, cancellationToken);
            foreach (string path in result.Removed)
            {
                await output.WriteLineAsync(DisplayText.Format($"{verb} {path}"));
            }

            IReadOnlyList<FileInfo> artifacts = FindArtifacts(folder);
            long bytes = result.Bytes + artifacts.Sum(file => file.Length);
            foreach (FileInfo file in artifacts)
            {
                if (!dry)
                {
                    file.Delete();
                }

                await output.WriteLineAsync(DisplayText.Format($"{verb} artifacts/{file.Name}"));
            }

            await output.WriteLineAsync(
                DisplayText.Format($"{result.Removed.Count + artifacts.Count} files, {bytes} bytes {(dry ? "to remove" : "removed")}; ")
                + DisplayText.Format(
                    $"{result.Waiting.Count} more are unreachable and stay until {GarbageCollector.Grace.TotalDays:0} days have passed"));
            return 0;
        });
        return command;
    }

    private static IReadOnlyList<FileInfo> FindArtifacts(DataFolder folder)
    {
        using RelayDatabase database = RelayDatabase.Open(folder);
        HashSet<string> referenced =
        [
            .. new VersionStore(database).ReferencedFiles().Select(file => file.Sha256),
            .. TrainingRunStore.FindFilesToImport(database),
        ];
        return new ArtifactStore(folder).FindUnreferenced(referenced, TimeProvider.System.GetUtcNow() - GarbageCollector.Grace);
    }
}
