using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Webhooks;

/// <summary>Webhooks as an operator uses them.</summary>
public sealed class WebhookCommandTests
{
    [Fact]
    public async Task Commands_CreateListTestPauseAndDelete()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestRelay relay = await WebhookRelay.StartAsync();

        RelayCommandRun created = await RunAsync("create", receiver.Url, "--event", "node.banned", "--event", "key.due", "--name", "ops");
        RelayCommandRun tested = await RunAsync("test", "1");
        receiver.Answer = (context, _) => WebhookReceiver.Respond(context, 500);
        RelayCommandRun failed = await RunAsync("test", "1");
        RelayCommandRun paused = await RunAsync("pause", "1");
        RelayCommandRun listed = await RunAsync("list");
        RelayCommandRun resumed = await RunAsync("resume", "1");
        RelayCommandRun deleted = await RunAsync("delete", "1");
        RelayCommandRun unknown = await RunAsync("delete", "1");

        Assert.Equal([0, 0, 0, 0, 0, 0], new[] { created, tested, paused, listed, resumed, deleted }.Select(run => run.Code));
        Assert.Contains("Secret, shown only this once: whsec_", created.Output, StringComparison.Ordinal);
        Assert.Contains("with status 204", tested.Output, StringComparison.Ordinal);
        Assert.Equal((CommandLine.Failed, CommandLine.Failed), (failed.Code, unknown.Code));
        Assert.Contains("it answered 500", failed.Error, StringComparison.Ordinal);
        Assert.Equal($"1: ops at {receiver.Url}, node.banned, key.due; paused, 0 events wait, no delivery yet", listed.Output.Trim());

        Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(relay, ["webhook", .. arguments]);
    }
}
