using Relay.TestKit;

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A relay for tests that only read. It starts when the first of them asks for it.</summary>
public abstract class SharedRelay : IAsyncDisposable
{
    private readonly Lazy<Task<TestRelay>> _relay;

    protected SharedRelay() => _relay = new(StartAsync);

    public Task<TestRelay> GetAsync() => _relay.Value;

    public virtual async ValueTask DisposeAsync()
    {
        if (_relay.IsValueCreated)
        {
            await (await _relay.Value).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task<TestRelay> StartAsync();
}
