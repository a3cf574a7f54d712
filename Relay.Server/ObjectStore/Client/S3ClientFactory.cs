using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Relay.Server.ObjectStore.Client;

/// <summary>Makes clients that stores other than Amazon's understand as well.</summary>
internal static class S3ClientFactory
{
    /// <param name="endpoint">Null: that of Amazon S3 in the region.</param>
    /// <param name="credentials">Null: the key of the settings, or what the SDK finds.</param>
    public static AmazonS3Client Create(ObjectStoreSettings settings, Uri? endpoint, AWSCredentials? credentials = null)
    {
        AmazonS3Config config = new()
        {
            ForcePathStyle = settings.PathStyle,
            AuthenticationRegion = settings.Region,

            // Stores that are not Amazon's know no trailing checksums. The signature covers the SHA-256 of each body.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,

            // A comparison that failed is repeated whole, which also finds what a lost answer was about.
            MaxErrorRetry = 0,
            AllowAutoRedirect = false,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (settings.Authorities is { } authorities)
        {
            config.HttpClientFactory = new PinnedClientFactory(authorities);
        }

        if (endpoint is not null)
        {
            config.ServiceURL = endpoint.GetLeftPart(UriPartial.Authority);
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        }

        credentials ??= settings.Key is { } key ? new BasicAWSCredentials(key.Id, key.Secret) : null;
        return credentials is not null ? new(credentials, config) : new(config);
    }
}
