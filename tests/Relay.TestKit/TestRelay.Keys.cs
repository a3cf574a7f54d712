using Relay.Server.Repository;
using Shared.Platform.Files;

namespace Relay.TestKit;

// Whose keys it has.
public sealed partial class TestRelay
{
    /// <summary>A relay whose targets key is offline: what it is to publish waits for signatures.</summary>
    public static async Task<TestRelay> StartOfflineAsync()
    {
        TestRelay relay = null!;
        relay = new(options => options with { KeysFolder = Path.Combine(relay._root, "keys", "online") });
        KeyCeremony.Create(Path.Combine(relay._root, "keys"), new CeremonyPlan(3, 2, 1, 1), TimeProvider.System.GetUtcNow(), new DurableFiles());
        await relay.StartHostAsync(relay._configure);
        return relay;
    }
}
