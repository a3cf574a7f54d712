using System.CommandLine;
using Relay.Server.Cli.Audit;
using Relay.Server.Doctor;
using Relay.Server.Hosting.Doctor;
using Relay.Server.Hosting.Inventory;
using Relay.Server.ObjectStore;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay doctor</c>: finds what is wrong in a data folder, and makes again what a wrong clock made.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        ObjectStoreOption objectStore = new();
        Option<bool> mend = new("--mend")
        {
            Description = "Makes again what was made with a wrong clock, with the time that the clock shows now, which must be right.",
        };
        Command command = new("doctor", "Looks for what is wrong in a data folder, and says what to do. The relay must be stopped.")
        {
            data, mend, objectStore.Option,
        };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string root = parsed.GetValue(data)!;
            RepositoryAccess.FindRepository(root);
            DataFolder folder = database.Open(parsed, root);
            using IDisposable? stored = StoredFolders.Join(folder);
            if (parsed.GetValue(mend))
            {
                CommandAudit.Enter(parsed, folder);
            }

            ObjectStoreSettings? store = objectStore.Read(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            int found = await RunAsync(
                folder, parsed.GetValue(mend), TimeProvider.System, RepositoryAccess.WaitFor(parsed), output, cancellationToken);
            return store is null ? found : Math.Max(found, await LookAtStoreAsync(folder, store, output, cancellationToken));
        });
        return command;
    }

    /// <param name="wait">How to wait for another program that changes the repository.</param>
    /// <returns>0 when nothing is left to do.</returns>
    internal static async Task<int> RunAsync(
        DataFolder folder, bool mend, TimeProvider timeProvider, LockWait wait, TextWriter output, CancellationToken cancellationToken)
    {
        RepositoryAccess.FindRepository(folder.Root);
        if (DatabaseEngine.FindError(folder) is { } error)
        {
            throw new RelayStartException(error);
        }

        using FileLock held = folder.AcquireLock();
        RepositoryAccess.RequireClock(timeProvider);
        ClockDoctor doctor = new(folder, timeProvider, wait);
        IReadOnlyList<ClockFinding> findings = doctor.Find();
        foreach (ClockFinding finding in findings)
        {
            await output.WriteLineAsync(
                DisplayText.Format($"{finding.Subject}: {finding.Finding}{(finding.Advice is { } advice ? "; " + advice : "")}"));
        }

        if (findings.Count == 0)
        {
            await output.WriteLineAsync("Nothing was made with a wrong clock.");
            return await LookAtAllAsync(folder, timeProvider, output, cancellationToken);
        }

        if (!mend)
        {
            await output.WriteLineAsync(DisplayText.Format($"The clock shows {timeProvider.GetUtcNow():u}. If that is right: relay doctor --mend"));
            return CommandLine.Failed;
        }

        await doctor.MendAsync(findings, cancellationToken);
        foreach (ClockFinding finding in findings.Where(finding => finding.Advice is null))
        {
            await output.WriteLineAsync(DisplayText.Format($"{finding.Subject}: made again"));
        }

        if (findings.Any(finding => finding.Subject == ClockDoctor.Authority))
        {
            await output.WriteLineAsync(
                DisplayText.Format($"Clients and nodes need the new {folder.AuthorityCertificate}; the old authority is in {folder.SetAside}."));
        }

        int others = await LookAtAllAsync(folder, timeProvider, output, cancellationToken);
        return findings.All(finding => finding.Advice is null) ? others : CommandLine.Failed;
    }

    private static async Task<int> LookAtStoreAsync(
        DataFolder folder, ObjectStoreSettings store, TextWriter output, CancellationToken cancellationToken)
    {
        string? problem = await new BucketInspection(folder, store).FindProblemAsync(cancellationToken);
        await output.WriteLineAsync(DisplayText.Format($"object store {store.Name}: {problem ?? "it has all that nodes download."}"));
        return problem is null ? 0 : CommandLine.Failed;
    }

    private static async Task<int> LookAtAllAsync(
        DataFolder folder, TimeProvider timeProvider, TextWriter output, CancellationToken cancellationToken)
    {
        IReadOnlyList<FolderFinding> findings = await new FolderDoctor(folder, timeProvider).FindAsync(cancellationToken);
        foreach (FolderFinding finding in findings)
        {
            await output.WriteLineAsync(DisplayText.Format($"{finding.Subject}: {finding.Finding}; {finding.Advice}"));
        }

        if (findings.Count == 0)
        {
            await output.WriteLineAsync("Database, files, audit log, expiries and disk: nothing is wrong.");
        }

        return findings.Count == 0 ? 0 : CommandLine.Failed;
    }
}
