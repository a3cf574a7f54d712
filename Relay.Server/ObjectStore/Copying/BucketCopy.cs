using Relay.Server.ObjectStore.Client;
using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;
using Shared.Contracts.Tuf;

namespace Relay.Server.ObjectStore.Copying;

/// <summary>
/// Brings a bucket to the state of the repository. What never changes is written first and the timestamp last, each only where the store still has
/// what was seen, and read back; objects that the relay no longer has are deleted after that. It may be stopped anywhere and is repeated whole.
/// </summary>
/// <param name="repository">The repository, whose newest root says whose timestamps nodes believe.</param>
/// <param name="isOpen">Anyone may read artifacts.</param>
internal sealed class BucketCopy(
    PublishedFolder folder, TufRepository repository, S3Bucket bucket, VerifiedObjects verified, bool isOpen)
{
    /// <summary>Another writer may come in between that often; then the next comparison continues.</summary>
    private const int TimestampAttempts = 3;

    private static readonly ObjectHeaders TimestampHeaders =
        new(FileHeaders.ContentType(PublishedFolder.TimestampPath), FileHeaders.TimestampCacheControl);

    /// <param name="missing">Told how many files are still to be written.</param>
    /// <exception cref="ObjectStoreException">The store failed; what was written stays.</exception>
    /// <exception cref="InvalidDataException">The repository does not verify.</exception>
    public async Task<CopyReport> RunAsync(Action<int> missing, CancellationToken cancellationToken)
    {
        RepositorySnapshot snapshot = repository.Read();
        (byte[] timestamp, long version) = folder.ReadTimestamp();

        // The bucket is listed before the folder: what it has and the folder lacks was removed there.
        List<BucketObject> stored = await bucket.ListAsync(cancellationToken);
        IReadOnlyDictionary<string, long> local = folder.ListImmutable();
        CopyPlan plan = CopyPlan.Create(local, stored, verified.Known);
        BucketPass pass = new(folder, bucket, isOpen, plan, stored, verified.Known);
        try
        {
            if (await pass.FindForeignRootAsync(cancellationToken))
            {
                return pass.Report(version, 0, CopyRefusal.OtherRepository);
            }

            ObjectContent? current = await ReadTimestampAsync(cancellationToken);
            if (Decide(timestamp, version, current) is TimestampStep.Refuse || await HasNewerRootAsync(plan, snapshot, cancellationToken))
            {
                return pass.Report(version, 0, CopyRefusal.NewerRepository);
            }

            await pass.CompareAsync(cancellationToken);
            await pass.WriteAsync(missing, cancellationToken);
            if (pass.HasChanged(RequiredMetadata(snapshot, local)))
            {
                return pass.Report(version, 0, CopyRefusal.ChangedMetadata);
            }

            if (!await WriteTimestampAsync(timestamp, version, current, cancellationToken))
            {
                return pass.Report(version, 0, CopyRefusal.NewerRepository);
            }

            IReadOnlyList<string> over = ReachableFiles.Unreachable(snapshot, plan.Surplus);
            foreach (string path in over)
            {
                await bucket.DeleteAsync(path, cancellationToken);
            }

            return pass.Report(version, over.Count, refused: null);
        }
        finally
        {
            verified.Replace(pass.Compared);
        }
    }

    private static IEnumerable<string> RequiredMetadata(RepositorySnapshot snapshot, IReadOnlyDictionary<string, long> local) =>
        ReachableFiles.From(snapshot).Concat(local.Keys.Where(path => CopyPlan.RootVersion(path) > 0))
            .Where(path => path.StartsWith(RepositoryFiles.MetadataFolder, StringComparison.Ordinal));

    private Task<ObjectContent?> ReadTimestampAsync(CancellationToken cancellationToken) =>
        bucket.ReadAsync(PublishedFolder.TimestampPath, TrustBounds.TimestampBytes, cancellationToken);

    private TimestampStep Decide(byte[] own, long version, ObjectContent? stored) =>
        TimestampRule.Decide(own, version, stored, repository.NewestRoot(), repository.TimeProvider.GetUtcNow());

    // A relay that was restored from an old backup may lack a root that nodes have.
    private async Task<bool> HasNewerRootAsync(CopyPlan plan, RepositorySnapshot snapshot, CancellationToken cancellationToken)
    {
        string next = $"{RepositoryFiles.MetadataFolder}/{MetadataPaths.Versioned(RoleNames.Root, snapshot.Root.Version + 1)}";
        return plan.Surplus.Contains(next)
            && await bucket.ReadAsync(next, TrustBounds.RootBytes, cancellationToken) is { } root
            && TrustedMetadata.Create(repository.NewestRoot(), repository.TimeProvider.GetUtcNow(), ExpiryRule.ReportedOnly).Value is { } trusted
            && trusted.UpdateRoot(root.Content) is null;
    }

    /// <returns>False where the bucket has a later one.</returns>
    private async Task<bool> WriteTimestampAsync(byte[] own, long version, ObjectContent? current, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < TimestampAttempts; attempt++)
        {
            PutOutcome outcome = Decide(own, version, current) switch
            {
                TimestampStep.Create => await bucket.CreateAsync(
                    PublishedFolder.TimestampPath, new MemoryStream(own, writable: false), TimestampHeaders, cancellationToken),
                TimestampStep.Replace => await bucket.ReplaceAsync(
                    PublishedFolder.TimestampPath, own, TimestampHeaders, current!.EntityTag, cancellationToken),
                _ => PutOutcome.Refused,
            };
            current = await ReadTimestampAsync(cancellationToken);
            switch (Decide(own, version, current))
            {
                case TimestampStep.Keep:
                    return true;
                case TimestampStep.Refuse:
                    return false;
                case var _ when outcome is PutOutcome.Written:
                    throw new ObjectStoreException($"The store took '{PublishedFolder.TimestampPath}' and has other bytes.");
            }
        }

        throw new ObjectStoreException($"Something else writes '{PublishedFolder.TimestampPath}' in the bucket again and again.");
    }
}
