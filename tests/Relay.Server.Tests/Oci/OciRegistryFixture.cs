using Relay.TestKit;

namespace Relay.Server.Tests.Oci;

/// <summary>One registry for all tests of one class; null where docker-registry is missing.</summary>
public sealed class OciRegistryFixture : IAsyncLifetime
{
    private OciRegistryProcess? _registry;

    public OciRegistryProcess Registry
    {
        get
        {
            Assert.SkipWhen(_registry is null, "docker-registry is missing");
            return _registry;
        }
    }

    public async ValueTask InitializeAsync() =>
        _registry = await OciRegistryProcess.IsInstalledAsync() ? await OciRegistryProcess.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }
}
