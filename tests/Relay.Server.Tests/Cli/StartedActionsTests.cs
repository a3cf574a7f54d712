using System.CommandLine;
using Relay.Server.Cli;

namespace Relay.Server.Tests.Cli;

public sealed class StartedActionsTests
{
    /// <summary>A signal that comes while an action has not waited for anything yet is one to stop it in order.</summary>
    [Fact]
    public async Task Run_ActionThatWaitsForNothing_IsKnownFromItsFirstLineOn()
    {
        using ManualResetEventSlim returned = new();
        Command command = new("work");
        command.SetAction((_, _) => Task.FromResult(returned.Wait(TimeSpan.FromSeconds(30), CancellationToken.None) ? 0 : 1));
        Command root = new("relay") { command };

        Task<int> run = CommandLine.RunAsync(root, ["work"], TextWriter.Null, TextWriter.Null, TestContext.Current.CancellationToken);
        returned.Set();

        Assert.Equal(0, await run);
    }
}
