using Relay.TestKit;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Servers.TrainedRelay))]

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A relay with version 1 of <see cref="SmallModel"/>, for tests that only read. It starts when the first of them asks for it.</summary>
public sealed class TrainedRelay : IAsyncDisposable
{
    private readonly Lazy<Task<TestRelay>> _relay = new(StartAsync);

    public Task<TestRelay> GetAsync() => _relay.Value;

    public async ValueTask DisposeAsync()
    {
        if (_relay.IsValueCreated)
        {
            await (await _relay.Value).DisposeAsync();
        }
    }

    private static async Task<TestRelay> StartAsync()
    {
        TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync();
        return relay;
    }
}
