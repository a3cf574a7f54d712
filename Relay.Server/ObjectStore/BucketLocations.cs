using Relay.Server.ObjectStore.Client;
using Relay.Server.Repository;

namespace Relay.Server.ObjectStore;

/// <summary>Sends nodes to the bucket for large targets that were compared there, while it is up to date.</summary>
internal sealed partial class BucketLocations(
    ObjectStoreSettings settings, CopyStatus status, S3Presigner presigner, TimeProvider timeProvider, ILogger<BucketLocations> log)
    : ITargetLocations
{
    public async ValueTask<Uri?> FindAsync(string path, long length)
    {
        if (length < settings.RedirectBytes || status.State is not { Problem: null } state || !state.Verified.Contains(path))
        {
            return null;
        }

        try
        {
            return await presigner.SignAsync(path, timeProvider.GetUtcNow() + settings.RedirectTime);
        }
        catch (ObjectStoreException noCredentials)
        {
            LogNotSigned(noCredentials);
            return null;
        }
    }

    [LoggerMessage(1424, LogLevel.Error, "No address in the object store can be signed: the relay sends the file itself")]
    private partial void LogNotSigned(Exception exception);
}
