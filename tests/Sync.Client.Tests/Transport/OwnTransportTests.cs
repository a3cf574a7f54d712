using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Relay.TestKit.Models;
using Shared.Contracts;

namespace Sync.Client.Tests.Transport;

/// <summary>Handlers, proxies and retries of the app's own.</summary>
public sealed class OwnTransportTests : IAsyncLifetime
{
    private NodeFixture _fixture = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NodeFixture.StartAsync();
        await _fixture.PublishAsync(TestModel.Create());
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task HttpHandler_OfTheApp_SeesEachRequestAndKeepsTheTrust()
    {
        CountingHandler counting = new();
        _fixture.Options.HttpHandler = network =>
        {
            counting.InnerHandler = network;
            return counting;
        };
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated, result.Refusal?.Detail);
        Assert.True(counting.Requests >= 5);
    }

    [Fact]
    public async Task Proxy_ThatIsNotThere_RefusesTheUpdate()
    {
        _fixture.Options.Proxy = new Uri("http://127.0.0.1:1");
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.Equal(RefusalReason.TransportUnavailable, result.Refusal?.Reason);
    }

    [Fact]
    public async Task Resilience_OfTheApp_TakesThePlaceOfTheRetries()
    {
        int failed = 0;
        _fixture.Server.Instead = (http, _) =>
        {
            http.Response.StatusCode = StatusCode(Interlocked.Increment(ref failed));
            return Task.FromResult(http.Response.StatusCode != (int)HttpStatusCode.OK);
        };
        _fixture.Options.Budgets.Retries = 0;
        _fixture.Options.Resilience = builder => builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<TransientRequestException>(),
            MaxRetryAttempts = 4,
            Delay = TimeSpan.Zero,
        });
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();

        Assert.True(result.Activated, result.Refusal?.Detail);

        static int StatusCode(int request) => (int)(request <= 3 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
    }

    [Fact]
    public async Task Resilience_OpenCircuit_IsARefusal()
    {
        _fixture.KillRelay();
        _fixture.Options.Resilience = builder => builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<TransientRequestException>(),
            MinimumThroughput = 2,
            FailureRatio = 0.1,
        });
        using SyncClient node = _fixture.OpenNode();

        RefreshResult result = await node.RefreshAsync();
        for (int i = 0; i < 4; i++)
        {
            result = await node.RefreshAsync();
        }

        Assert.Equal(RefusalReason.TransportUnavailable, result.Refusal?.Reason);
        Assert.Contains("circuit", result.Refusal!.Detail, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
