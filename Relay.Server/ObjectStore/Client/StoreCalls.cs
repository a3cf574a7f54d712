using System.Security.Authentication;
using Amazon.Runtime;

namespace Relay.Server.ObjectStore.Client;

/// <summary>Bounds the time of each call to a store, and says in one way what failed.</summary>
/// <param name="answerTime">The time for an answer without regard to its length.</param>
internal sealed class StoreCalls(TimeSpan answerTime)
{
    /// <summary>What is slower has stopped.</summary>
    private const int MinimumBytesPerSecond = 16_384;

    /// <param name="what">What the store is asked to do.</param>
    /// <param name="bytes">The most that are sent or received.</param>
    /// <exception cref="ObjectStoreException">It did not do it.</exception>
    /// <exception cref="OperationCanceledException">The caller stops, whatever the call failed with then.</exception>
    public async Task<T> RunAsync<T>(
        string what, string key, long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(answerTime + TimeSpan.FromSeconds((double)bytes / MinimumBytesPerSecond));
        try
        {
            return await call(late.Token);
        }
        catch (Exception stopped) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(stopped.Message, stopped, cancellationToken);
        }
        catch (OperationCanceledException slow)
        {
            throw new ObjectStoreException($"The store took too long to {what} '{key}'.", slow);
        }
        catch (AmazonServiceException refused)
        {
            throw new ObjectStoreException(
                $"The store refused to {what} '{key}': status {(int)refused.StatusCode} {refused.ErrorCode}. {Advise(refused)}".TrimEnd(), refused);
        }
        catch (Exception broken) when (broken is AmazonClientException or HttpRequestException or IOException)
        {
            throw new ObjectStoreException($"The store could not be asked to {what} '{key}': {Explain(broken)}", broken);
        }
    }

    private static string Explain(Exception broken)
    {
        for (Exception? cause = broken; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return $"{cause.Message} Where its certificate is of an authority of yours, name that by {StoreAuthorities.Setting}.";
            }
        }

        return broken.Message;
    }

    private static string Advise(AmazonServiceException refused) => refused.ErrorCode switch
    {
        "NoSuchBucket" => "Create the bucket, or correct its name in the settings.",
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" => "Correct the access key and its secret.",
        "AccessDenied" => "The account needs the rights that docs/guides/object-store.md lists.",
        "RequestTimeTooSkewed" => "The clocks of the relay and of the store differ: correct them.",
        _ => "",
    };
}
