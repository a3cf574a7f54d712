using Relay.TestKit;
using Shared.Contracts.Api;

[assembly: AssemblyFixture(typeof(Relay.WebConsole.Browser.Tests.Servers.LargeRelay))]

namespace Relay.WebConsole.Browser.Tests.Servers;

/// <summary>A relay with the nodes of <see cref="LargeFleet"/>.</summary>
public sealed class LargeRelay : SharedRelay
{
    /// <summary>The last one that the relay has. Its nodes run other releases than its own.</summary>
    public const string Channel = "channel-3";

    private const int LastChannel = 3;

    protected override async Task<TestRelay> StartAsync()
    {
        TestRelay relay = await TestRelay.StartAsync();
        ModelVersion version = await relay.TrainSmallAsync();
        for (int channel = 0; channel <= LastChannel; channel++)
        {
            await relay.PublishAsync($"channel-{channel}", version);
        }

        LargeFleet.Fill(relay);
        return relay;
    }
}
