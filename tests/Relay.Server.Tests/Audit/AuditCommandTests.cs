using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Audit;
using Relay.Server.Cli;
using Relay.Server.Tests.Cli;
using Relay.TestKit.Databases;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Audit;

/// <summary>The audit log as an auditor uses it.</summary>
public sealed class AuditCommandTests(OwnRelay fixture) : IClassFixture<OwnRelay>, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relay-audit-").FullName;

    [Fact]
    public async Task ExportAndVerify_OfTwoMonths_FindOneLog()
    {
        await RunAsync("api-keys", "create", "first", "--role", "auditor");
        RelayCommandRun january = await RunAsync("audit", "export", Folder("january"));
        await RunAsync("api-keys", "create", "second", "--role", "auditor");
        RelayCommandRun february = await RunAsync("audit", "export", Folder("february"));

        RelayCommandRun verified = await RelayCommandRun.RunAsync(
            "audit", "verify", Folder("february"), "--head", Folder("january"), "--anchors", Path.Combine(Folder("january"), "anchors.pem"));

        Assert.Equal((0, 0, 0), (january.Code, february.Code, verified.Code));
        Assert.Contains("verified: ", verified.Output, StringComparison.Ordinal);
        Assert.Equal(2, verified.Output.Split("signed: entry").Length - 1);
        if (await OpenSsl.IsInstalledAsync())
        {
            Assert.Null(await OpenSsl.VerifyCmsAsync(
                Path.Combine(Folder("january"), "head.json.p7s"), Path.Combine(Folder("january"), "head.json"),
                Path.Combine(Folder("january"), "anchors.pem"), TimeProvider.System.GetUtcNow()));
        }
    }

    [Fact]
    [Trait("Attack", "audit-rewritten")]
    public async Task Verify_OfAnAlteredExport_SaysWhatIsWrong()
    {
        await RunAsync("api-keys", "create", "to have entries", "--role", "auditor");
        await RunAsync("audit", "export", Folder("whole"));
        string log = Path.Combine(Folder("whole"), "audit.ndjson");
        string[] lines = await File.ReadAllLinesAsync(log);

        string first = lines[0].Replace("\"at\":\"20", "\"at\":\"19", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(log, [first, .. lines[1..]]);
        RelayCommandRun changed = await RelayCommandRun.RunAsync("audit", "verify", Folder("whole"));
        await File.WriteAllLinesAsync(log, lines[..^1]);
        RelayCommandRun cut = await RelayCommandRun.RunAsync("audit", "verify", Folder("whole"));
        await File.WriteAllTextAsync(log, string.Join('\n', lines));
        RelayCommandRun withoutEnd = await RelayCommandRun.RunAsync("audit", "verify", Folder("whole"));
        string head = Path.Combine(Folder("whole"), "head.json");
        await File.WriteAllTextAsync(head, (await File.ReadAllTextAsync(head)).Replace("\"sequence\":", "\"sequence\": ", StringComparison.Ordinal));
        RelayCommandRun forged = await RelayCommandRun.RunAsync("audit", "verify", Folder("whole"));

        Assert.All([changed, cut, withoutEnd, forged], run => Assert.Equal(CommandLine.Failed, run.Code));
        Assert.Contains("does not follow", changed.Error, StringComparison.Ordinal);
        Assert.Contains("entries were taken away", cut.Error, StringComparison.Ordinal);
        Assert.Contains("the file was cut", withoutEnd.Error, StringComparison.Ordinal);
        Assert.Contains("its signature does not verify", forged.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfActionsOfAKind_ShowsTheNewestFirst()
    {
        await RunAsync("api-keys", "create", "listed", "--role", "node");
        await RunAsync("api-keys", "revoke", "unknown");

        RelayCommandRun all = await RunAsync("audit", "list", "--action", "api-keys", "--kind", "answer", "--limit", "2");
        RelayCommandRun json = await RunAsync("audit", "list", "--action", "api-keys", "--kind", "answer", "--limit", "1", "--json");
        RelayCommandRun none = await RunAsync("audit", "list", "--until", "2020-01-01");

        string[] lines = all.Output.Trim().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains("answer DELETE /v1/api-keys/unknown, status 404, to entry ", lines[0], StringComparison.Ordinal);
        Assert.Contains("status 201", lines[1], StringComparison.Ordinal);
        Assert.Contains("name: listed, role: node", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"sequence\":", json.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (none.Code, none.Output));
    }

    [Fact]
    public async Task CommandOnTheMachine_BesideARunningRelay_IsEntered()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(
            ["keys", "rotate", "timestamp", "--data", fixture.Relay.DataFolder, .. TestDatabases.ArgumentsFor(fixture.Relay.DataFolder)]);

        AuditEntry entry = Newest(new(null, AuditEntry.Command, null, null, null));
        Assert.Equal(0, run.Code);
        Assert.Equal(("relay keys rotate", $"user:{Environment.UserName}"), (entry.Action, entry.Actor));
        Assert.Contains("timestamp", entry.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publication_IsEnteredWithWhatItMadeCurrent()
    {
        ModelVersion version = await fixture.Relay.TrainSmallAsync();
        await fixture.Relay.PublishAsync("audited", version);

        AuditEntry entry = Newest(new(null, AuditEntry.Event, "publication", null, null));
        Assert.Equal("channel audited", entry.Subject);
        Assert.StartsWith("release ", entry.Details!["channel audited"], StringComparison.Ordinal);
        Assert.Contains(entry.Details!, detail => detail.Key.Contains("model.onnx", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private AuditEntry Newest(AuditFilter filter) => fixture.Relay.Services.GetRequiredService<AuditLog>().List(filter, null, 1)[0];

    private string Folder(string name) => Path.Combine(_root, name);

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(fixture.Relay, arguments);
}
