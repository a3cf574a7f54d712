using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A second relay on the same folder and database takes over, in turn with the first.</summary>
public sealed class RolloutTakeoverTests : RolloutKills
{
    private readonly RelayProcess _second;
    private RelayProcess _works;
    private RelayProcess _waits;

    public RolloutTakeoverTests()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        Server = PostgresServer.Shared.CreateEmptyDatabase();
        First = new("--database", Server) { IsReplica = true };
        _second = new("--database", Server) { IsReplica = true, Beside = First };
        (_works, _waits) = (First, _second);
    }

    protected override RelayProcess First { get; }

    protected override string? Server { get; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await _second.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task KillAsync() => _works.KillAsync();

    protected override async Task<RelayProcess> GoOnAsync()
    {
        (_works, _waits) = (_waits, _works);
        await _waits.StartAsync();
        return _works;
    }
}
