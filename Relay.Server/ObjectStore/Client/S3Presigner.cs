using Amazon.S3;
using Amazon.S3.Model;

namespace Relay.Server.ObjectStore.Client;

/// <summary>Signs addresses at which anyone can read an object for a while. It asks the store for nothing.</summary>
internal sealed class S3Presigner(ObjectStoreSettings settings) : IDisposable
{
    private readonly Uri? _endpoint = settings.RedirectEndpoint ?? settings.Endpoint;
    private readonly AmazonS3Client _client = S3ClientFactory.Create(settings, settings.RedirectEndpoint ?? settings.Endpoint);

    /// <exception cref="Amazon.Runtime.AmazonClientException">There are no credentials.</exception>
    public async Task<Uri> SignAsync(string key, DateTimeOffset until) => new(await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = settings.Bucket,
        Key = settings.Prefix + key,
        Verb = HttpVerb.GET,
        Expires = until.UtcDateTime,
        Protocol = _endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
    }));

    public void Dispose() => _client.Dispose();
}
