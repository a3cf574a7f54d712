using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Hosting.Inventory;
using Relay.Server.Repository.GarbageCollection;
using Relay.Server.Retention;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Relay.Server.Training.Records;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay gc</c>: removes files that neither the repository nor the database refers to, and what retention lets go, whether the relay
/// runs or not.</summary>
internal static class CollectGarbageCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        RetentionOptions retention = new();
        Option<bool> dryRun = new("--dry-run") { Description = "Lists what would go and removes nothing." };
        Command command = new(
            "gc",
            $"Removes repository files that have been unreachable for {GarbageCollector.Grace.TotalDays:0} days, artifact files that no "
            + "version refers to and that are as old, and the training runs and versions that the settings of retention let go.") { data, dryRun };
        database.AddTo(command);
        foreach (Option option in retention.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool dry = parsed.GetValue(dryRun);
            string root = parsed.GetValue(data)!;
            string verb = dry ? "would remove" : "removed";
            TextWriter output = parsed.InvocationConfiguration.Output;
            string repository = RepositoryAccess.FindRepository(root);
            DataFolder folder = database.Open(parsed, root);
            using IDisposable? stored = StoredFolders.Join(folder);
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

            using RelayDatabase opened = RelayDatabase.Open(folder);
            RetentionSweep sweep = Sweep(opened, folder, retention.Read(parsed), RepositoryAccess.WaitFor(parsed));
            RetentionResult swept = await sweep.RunAsync(dry, cancellationToken);
            foreach (string line in Describe(swept))
            {
                await output.WriteLineAsync(DisplayText.Format($"{verb} {line}"));
            }

            long bytes = result.Bytes + swept.Files.Sum(file => file.Length);
            await output.WriteLineAsync(
                DisplayText.Format($"{result.Removed.Count + swept.Files.Count} files, {bytes} bytes {(dry ? "to remove" : "removed")}; ")
                + DisplayText.Format(
                    $"{result.Waiting.Count} more are unreachable and stay until {GarbageCollector.Grace.TotalDays:0} days have passed"));
            return 0;
        });
        return command;
    }

    private static RetentionSweep Sweep(RelayDatabase database, DataFolder folder, RetentionRules rules, LockWait wait)
    {
        ArtifactStore artifacts = new(folder);
        VersionDeletion versions = new(folder, database, artifacts, TimeProvider.System) { LockWait = wait };
        RunFiles records = new(folder);
        RunDeletion runs = new(database, records, TimeProvider.System);
        return new(rules, versions, runs, records, database, artifacts, TimeProvider.System);
    }

    private static IEnumerable<string> Describe(RetentionResult swept) =>
    [
        .. swept.Versions.Select(version => $"version {version.Name}@{version.Version}"),
        .. swept.Runs.Select(run => $"training run {run}"),
        .. swept.Files.Select(file => $"artifacts/{file.Name}"),
    ];
}
