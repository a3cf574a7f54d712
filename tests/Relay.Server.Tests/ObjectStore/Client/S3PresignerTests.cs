using Amazon.Runtime;
using Relay.Server.ObjectStore;
using Relay.Server.ObjectStore.Client;

namespace Relay.Server.Tests.ObjectStore.Client;

public sealed class S3PresignerTests
{
    [Fact]
    public async Task SignAsync_CredentialsThatCannotBeHad_IsAFailureOfTheStore()
    {
        ObjectStoreSettings settings = new() { Bucket = "models" };
        foreach (Exception failure in (Exception[])[new AmazonServiceException("no answer"), new AmazonClientException("none configured")])
        {
            using S3Presigner presigner = new(settings, new NoCredentials(failure));

            await Assert.ThrowsAsync<ObjectStoreException>(
                () => presigner.SignAsync("targets/model.onnx", TimeProvider.System.GetUtcNow().AddMinutes(5)));
        }
    }

    // As a role of a machine or a pod whose server does not answer.
    private sealed class NoCredentials(Exception failure) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw failure;

        public override Task<ImmutableCredentials> GetCredentialsAsync() => throw failure;
    }
}
