using Relay.Server.Hosting;

namespace Relay.TestKit;

// What it starts with.
public sealed partial class TestRelay
{
    /// <summary>A relay in a folder that is there before it starts.</summary>
    /// <param name="fill">Makes the data folder.</param>
    internal static async Task<TestRelay> StartInAsync(Action<string> fill, Func<RelayOptions, RelayOptions> configure)
    {
        TestRelay relay = new(configure);
        fill(relay.DataFolder);
        await relay.StartHostAsync(configure);
        return relay;
    }
}
