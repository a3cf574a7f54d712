using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>The relay that was killed starts again.</summary>
public sealed class RolloutKillTests : RolloutKills
{
    protected override RelayProcess First { get; } = new();

    protected override string? Server => TestDatabases.FindServer(First.DataFolder);

    protected override Task KillAsync() => First.KillAsync();

    protected override async Task<RelayProcess> GoOnAsync()
    {
        await First.StartAsync();
        return First;
    }
}
