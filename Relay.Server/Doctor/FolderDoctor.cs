using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Relay.Server.Audit;
using Relay.Server.Backups;
using Relay.Server.Monitoring;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Storage.Folders;
using Shared.Contracts.Api;
using Shared.Contracts.Audit;
using Shared.Contracts.Tuf;

namespace Relay.Server.Doctor;

/// <summary>Looks at all parts of the data folder of a stopped relay. It changes nothing.</summary>
internal sealed class FolderDoctor(DataFolder folder, TimeProvider timeProvider)
{
    private const string Restore = "restore it from a backup (relay restore)";

    private static readonly string[] Hashed = ["repository", "artifacts"];

    /// <summary>What is wrong; a part that cannot be read is one finding, and hides none of the others.</summary>
    public async Task<IReadOnlyList<FolderFinding>> FindAsync(CancellationToken cancellationToken)
    {
        List<FolderFinding> findings = [];
        bool isReadable = FindInDatabase(findings);
        if (isReadable)
        {
            await FindInFilesAsync(findings, cancellationToken);
            FindInAuditLog(findings, cancellationToken);
            FindInStoredFolder(findings);
        }

        FindExpired(findings);
        if (!StorageHealth.HasRoom(folder.Root, 0))
        {
            findings.Add(new("disk", "it is almost full", "make room: relay gc removes what is no longer used"));
        }

        return findings;
    }

    private bool FindInDatabase(List<FolderFinding> findings)
    {
        string? damage;
        try
        {
            damage = RelayDatabase.Inspect(folder) is { } state ? state.Damage ?? DatabaseContents.FindDamage(folder) : "it is missing or empty";
        }
        catch (DbException unreadable)
        {
            damage = unreadable.Message;
        }

        if (damage is not null)
        {
            findings.Add(new("database", damage, Restore));
        }

        return damage is null;
    }

    private void FindInStoredFolder(List<FolderFinding> findings)
    {
        if (FolderRecord.Find(folder.Root) is null)
        {
            return;
        }

        const string Subject = "files in the database";
        try
        {
            StoredFolderState state = StoredFolders.Inspect(folder);
            findings.AddRange(state.Differences.Select(difference => new FolderFinding(
                Subject, $"'{difference.Name}' is {difference.Kind.ToString().ToLowerInvariant()} here",
                state.IsCurrent && FolderParts.IsPlacedByHand(difference.Name)
                    ? "put it there by relay folder store, or undo what you changed"
                    : "start the relay, which brings this folder to the state of the database")));
        }
        catch (InvalidDataException damaged)
        {
            findings.Add(new(Subject, damaged.Message, "find out who could write to the database"));
        }
    }

    private async Task FindInFilesAsync(List<FolderFinding> findings, CancellationToken cancellationToken)
    {
        try
        {
            FileSums sums = await FileSums.ComputeAsync(folder.Root, Hashed, cancellationToken);
            if (WholeFolder.FindLoss(folder, sums, timeProvider.GetUtcNow()) is { } loss)
            {
                findings.Add(new("files", loss, "copy it back from a backup; nodes verify each file, so that a wrong one does no harm"));
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            findings.Add(new("files", damaged.Message, Restore));
        }
    }

    private void FindInAuditLog(List<FolderFinding> findings, CancellationToken cancellationToken)
    {
        try
        {
            FindInAudit(findings, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is JsonException or DataException or DbException)
        {
            findings.Add(new("audit log", $"it cannot be read: {unreadable.Message}", "keep this folder as evidence"));
        }
    }

    private void FindInAudit(List<FolderFinding> findings, CancellationToken cancellationToken)
    {
        AuditVerification verification = new(DatabaseContents.ReadAuditHeads(folder)
            .Select(head => JsonSerializer.Deserialize(head, RelayApiJson.Default.AuditHead)!));
        foreach (string line in DatabaseContents.ReadAuditLines(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (verification.Add(line) is { } error)
            {
                findings.Add(new("audit log", error, "find out who could write to the database, and keep this folder as evidence"));
                return;
            }
        }

        if (verification.End() is { } missing)
        {
            findings.Add(new("audit log", missing, "compare it with an export that an auditor kept (relay audit verify)"));
        }
    }

    private void FindExpired(List<FolderFinding> findings)
    {
        try
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            if (RepositorySnapshot.Read(new RepositoryFiles(folder.Repository, new()), now) is not { } snapshot)
            {
                return;
            }

            findings.AddRange(
                from role in RoleStatus.FromSnapshot(snapshot)
                let state = ExpiryAlerts.GetState(new(role.Role, role.Expires), now)
                where state is not ExpiryState.Fine
                select new FolderFinding(
                    role.Role, string.Create(CultureInfo.InvariantCulture, $"it {(role.Expires <= now ? "expired" : "expires")} {role.Expires:u}"),
                    role.Role switch
                    {
                        RoleNames.Root => "sign the next one: relay keys renew-root",
                        RoleNames.Targets => "start the relay: it renews it, or asks for signatures where the key is offline (relay pending)",
                        _ => "start the relay: it renews it",
                    }));
        }
        catch (InvalidDataException damaged)
        {
            findings.Add(new("repository", damaged.Message, Restore));
        }
    }
}
