using Amazon.Runtime;
using Relay.Server.ObjectStore.Client;

namespace Relay.Server.Tests.ObjectStore.Client;

public sealed class StoreCallsTests
{
    private readonly StoreCalls _calls = new(TimeSpan.FromMinutes(1));

    [Fact]
    public async Task RunAsync_CallThatFailsAsTheCallerStops_IsACancellation()
    {
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _calls.RunAsync<int>("read", "key", 0, _ =>
        {
            stop.Cancel();
            throw new AmazonClientException("the connection was closed");
        }, stop.Token));
    }

    [Fact]
    public async Task RunAsync_CallThatFails_IsAFailureOfTheStore()
    {
        Exception[] failures = [new AmazonClientException("x"), new AmazonServiceException("x"), new HttpRequestException("x"), new IOException("x")];
        foreach (Exception failure in failures)
        {
            ObjectStoreException told = await Assert.ThrowsAsync<ObjectStoreException>(
                () => _calls.RunAsync<int>("read", "key", 0, _ => throw failure, CancellationToken.None));

            Assert.Same(failure, told.InnerException);
        }
    }
}
