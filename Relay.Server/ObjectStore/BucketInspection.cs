using System.Globalization;
using Relay.Server.ObjectStore.Client;
using Relay.Server.ObjectStore.Copying;
using Relay.Server.Storage;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.ObjectStore;

/// <summary>Looks at the bucket of a stopped relay. It changes nothing, and reads no object but the timestamp.</summary>
internal sealed class BucketInspection(DataFolder data, ObjectStoreSettings settings)
{
    private readonly PublishedFolder _folder = new(data.Repository, new IntactFiles(TimeProvider.System));

    /// <summary>What is wrong, with what to do; null: the bucket has all that the folder has.</summary>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            using S3Bucket bucket = new(settings);
            return await CompareAsync(bucket, cancellationToken);
        }
        catch (ObjectStoreException unreachable)
        {
            return unreachable.Message;
        }
        catch (InvalidDataException damaged)
        {
            return $"it cannot be compared: {damaged.Message}";
        }
    }

    private async Task<string?> CompareAsync(S3Bucket bucket, CancellationToken cancellationToken)
    {
        List<BucketObject> stored = await bucket.ListAsync(cancellationToken);
        VerifiedObjects verified = new(data.ObjectStoreRecord, settings.Name, new DurableFiles());
        CopyPlan plan = CopyPlan.Create(_folder.ListImmutable(), stored, verified.Known);
        (byte[] own, long version) = _folder.ReadTimestamp();
        ObjectContent? timestamp = await bucket.ReadAsync(PublishedFolder.TimestampPath, TrustBounds.TimestampBytes, cancellationToken);
        return plan switch
        {
            { Different: [var first, ..] } => string.Create(
                CultureInfo.InvariantCulture, $"{plan.Different.Count} objects have another length than their files, such as '{first}': find out who "
                    + $"writes there, and delete them"),
            { Missing.Count: > 0 and var missing } => string.Create(
                CultureInfo.InvariantCulture, $"it lacks {missing} files: start the relay, which copies them"),
            _ when timestamp is null || !timestamp.Content.AsSpan().SequenceEqual(own) =>
                string.Create(CultureInfo.InvariantCulture, $"its timestamp is not {version}, that of the folder: start the relay, which copies it"),
            { Unread.Count: > 0 and var unread } => string.Create(
                CultureInfo.InvariantCulture, $"{unread} objects have changed since they were compared: start the relay, which reads them"),
            _ => null,
        };
    }
}
