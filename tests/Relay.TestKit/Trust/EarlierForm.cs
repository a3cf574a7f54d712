using System.Security.Cryptography;
using Relay.Server.Keys;
using Relay.Server.Repository;
using Shared.Contracts.Tuf;

namespace Relay.TestKit.Trust;

/// <summary>The form of targets metadata of earlier versions: each file was listed, and named, by SHA-512 as well.</summary>
internal static class EarlierForm
{
    /// <summary>Signs what is listed once more, in that form.</summary>
    public static async Task PublishAsync(TufRepository repository, SigningKeys keys)
    {
        using RepositoryTransaction transaction = await repository.BeginAsync(CancellationToken.None);
        RepositorySnapshot snapshot = transaction.Read();
        RepositoryChange change = new(snapshot);
        foreach (TargetFile file in snapshot.Targets.Files.Values)
        {
            byte[] content = repository.ReadTarget(file);
            string sha512 = Convert.ToHexStringLower(SHA512.HashData(content));
            change.SetTarget(file with { Hashes = file.Hashes with { Sha512 = sha512 } }, content);
        }

        RoleAssignments assignments = change.AssignmentsAfter(snapshot);
        long version = snapshot.Targets.Version + 1;
        change.SignedTargets = new(version, MetadataWriter.Sign(
            MetadataWriter.Targets(version, snapshot.Targets.Expires, change.Targets, assignments.Channels),
            keys.TakeThreshold(assignments.Targets)));
        transaction.Commit(change, assignments);
    }
}
