using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Relay.Server.ObjectStore.Client;

/// <summary>Signs addresses at which anyone can read an object for a while. It asks the store for nothing.</summary>
/// <param name="credentials">Null: the key of the settings, or what the SDK finds.</param>
internal sealed class S3Presigner(ObjectStoreSettings settings, AWSCredentials? credentials = null) : IDisposable
{
    /// <summary>The time for the credentials, which may come from elsewhere.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly Uri? _endpoint = settings.RedirectEndpoint ?? settings.Endpoint;
    private readonly AmazonS3Client _client = S3ClientFactory.Create(
        settings, settings.RedirectEndpoint ?? settings.Endpoint, credentials);
    private readonly StoreCalls _calls = new(AnswerTime);

    /// <exception cref="ObjectStoreException">There are no credentials.</exception>
    public async Task<Uri> SignAsync(string key, DateTimeOffset until)
    {
        GetPreSignedUrlRequest request = new()
        {
            BucketName = settings.Bucket,
            Key = settings.Prefix + key,
            Verb = HttpVerb.GET,
            Expires = until.UtcDateTime,
            Protocol = _endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        return new(await _calls.RunAsync(
            "sign an address of", key, 0, late => _client.GetPreSignedURLAsync(request).WaitAsync(late), CancellationToken.None));
    }

    public void Dispose() => _client.Dispose();
}
