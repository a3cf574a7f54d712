using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Relay.Server.Replicas;

namespace Relay.Server.Tests.Replicas;

/// <summary>The end of a relay inside a replica: it answers what it has taken, and takes nothing more.</summary>
public sealed class InnerServerTests
{
    private readonly HeldApplication _application = new();
    private readonly InnerServer _server = new();

    [Fact]
    public async Task TryProcess_BeforeTheStartAndAfterTheStop_TakesNothing()
    {
        Assert.Null(_server.TryProcess(new FeatureCollection()));
        await _server.StartAsync(_application, CancellationToken.None);
        await _server.StopAsync(CancellationToken.None);

        Assert.Null(_server.TryProcess(new FeatureCollection()));
    }

    [Fact]
    public async Task StopAsync_RequestThatRuns_WaitsForItsEndAndTakesNoOther()
    {
        await _server.StartAsync(_application, CancellationToken.None);
        Task running = _server.TryProcess(new FeatureCollection())!;

        Task stop = _server.StopAsync(CancellationToken.None);

        Assert.False(stop.IsCompleted);
        Assert.Null(_server.TryProcess(new FeatureCollection()));
        _application.Answer.SetResult();
        await running;
        await stop;
        Assert.Equal(1, _application.Disposed);
    }

    [Fact]
    public async Task StopAsync_RequestThatFails_IsNotWaitedForAnyMore()
    {
        await _server.StartAsync(_application, CancellationToken.None);
        Task running = _server.TryProcess(new FeatureCollection())!;
        Task stop = _server.StopAsync(CancellationToken.None);

        _application.Answer.SetException(new InvalidOperationException());

        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        await stop;
        Assert.Equal(1, _application.Disposed);
    }

    [Fact]
    public async Task StopAsync_TimeIsOver_EndsWithoutAnError()
    {
        await _server.StartAsync(_application, CancellationToken.None);
        Task running = _server.TryProcess(new FeatureCollection())!;

        await _server.StopAsync(new CancellationToken(canceled: true));

        Assert.False(running.IsCompleted);
        _application.Answer.SetResult();
        await running;
    }

    private sealed class HeldApplication : IHttpApplication<IFeatureCollection>
    {
        public TaskCompletionSource Answer { get; } = new();

        public int Disposed { get; private set; }

        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public Task ProcessRequestAsync(IFeatureCollection context) => Answer.Task;

        public void DisposeContext(IFeatureCollection context, Exception? exception) => Disposed++;
    }
}
