using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli;

/// <summary>The ceremony by its commands, with a relay as a process of its own that never sees an offline key.</summary>
public sealed class OfflineKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Offline => _folder.Combine("ceremony/offline");

    private string Online => _folder.Combine("ceremony/online");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Approve_TwoPeopleWithAKillBetweenThem_PublishesWithTheSecond()
    {
        await InitAsync();
        await using RelayProcess relay = new("--keys", Online);
        await relay.StartAsync();
        string id;
        using (HttpClient admin = relay.CreateAdminClient())
        {
            await TrainAsync(admin);
            ReleaseRequest request = new() { Models = [new(SmallModel.Name, 1)] };
            using HttpResponseMessage accepted = await admin.PostAsJsonAsync(
                Routes.ReleaseOf("stable"), request, RelayApiJson.Default.ReleaseRequest, Cancel);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            id = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice, Cancel))!.Pending;
        }

        string approver = await ApproverKeyAsync(relay);
        Assert.Contains(id, await OutputOfAsync(["pending", .. ConnectionTo(relay, approver)]), StringComparison.Ordinal);
        string shown = await OutputOfAsync(
            ["approve", id, "--key", Path.Combine(Offline, "targets-1.pem"), .. ConnectionTo(relay, approver)]);
        Assert.Contains("channel stable to release 1", shown, StringComparison.Ordinal);
        await relay.KillAsync();
        await relay.StartAsync();
        using HttpClient again = relay.CreateAdminClient();
        PendingView waiting = (await again.GetFromJsonAsync($"{Routes.Pending}/{id}", RelayApiJson.Default.PendingView, Cancel))!;
        Assert.Equal((1, 2), (waiting.SignedBy.Count, waiting.Threshold));
        Assert.Equal(CommandLine.Failed, await ApproveAsync(relay, id, "targets-1"));
        Assert.Equal(CommandLine.Failed, await ApproveAsync(relay, id, "root-1"));

        Assert.Equal(0, await ApproveAsync(relay, id, "targets-2"));
        ChannelView stable = (await again.GetFromJsonAsync($"{Routes.Channels}/stable", RelayApiJson.Default.ChannelView, Cancel))!;
        Assert.Equal(1, stable.Release);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(relay.DataFolder, "keys"), "targets*.pem"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(relay.DataFolder, "keys"), "root*.pem"));
        using HttpResponseMessage gone = await again.DeleteAsync($"{Routes.Pending}/{id}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    [Trait("Attack", "version-without-required-gate")]
    public async Task Approve_GateFailedAndTheTrainerAcceptedIt_IsSignedOnlyWhenTheApproverAcceptsItToo()
    {
        await InitAsync();
        await using RelayProcess relay = new("--keys", Online);
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        ModelSpec spec = SmallModel.Spec() with { Gates = new Dictionary<string, GateBounds> { ["file-size"] = new() { Fail = 10 } } };
        await TrainAsync(admin, spec, new GateAcceptance("file-size", "The budget is of next year."));
        using HttpResponseMessage accepted = await admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [new(SmallModel.Name, 1)] }, RelayApiJson.Default.ReleaseRequest, Cancel);
        string id = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice, Cancel))!.Pending;
        string[] approve = ["approve", id, "--key", Path.Combine(Offline, "targets-1.pem"), .. ConnectionTo(relay, relay.AdminKey)];

        Assert.Equal(CommandLine.Failed, await RunAsync(approve));
        Assert.Equal(CommandLine.Failed, await RunAsync([.. approve, "--accept", "file-size"]));
        Assert.Equal(CommandLine.Failed, await RunAsync([.. approve, "--accept", "latency", "--reason", "It is fast."]));
        PendingView waiting = (await admin.GetFromJsonAsync($"{Routes.Pending}/{id}", RelayApiJson.Default.PendingView, Cancel))!;
        Assert.Empty(waiting.SignedBy);
        string shown = await OutputOfAsync([.. approve, "--accept", "file-size", "--reason", "Agreed."]);
        Assert.Contains("GATE FAILED for small 1: file-size", shown, StringComparison.Ordinal);
        Assert.Contains("The budget is of next year.", shown, StringComparison.Ordinal);
        Page<AuditEntry> entries = (await admin.GetFromJsonAsync($"{Routes.Audit}?kind=answer", RelayApiJson.Default.PageAuditEntry, Cancel))!;
        AuditEntry signed = entries.Items.First(entry => entry.Subject == $"{Routes.Pending}/{id}/signatures" && entry.Status == 200);
        Assert.Equal("Agreed.", signed.Details!["accepted file-size"]);
    }

    [Fact]
    public async Task Sign_CopiedFile_HasOneSignatureOfEachKey()
    {
        await InitAsync();
        string file = _folder.Combine("2.targets.json");
        File.Copy(Path.Combine(Online, "1.targets.json"), file);
        await SignAsync(file, "targets-1");
        await SignAsync(file, "targets-3");
        await SignAsync(file, "targets-3");

        using JsonDocument signed = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Cancel));
        string[] keys = [.. signed.RootElement.GetProperty("signatures").EnumerateArray().Select(s => s.GetProperty("keyid").GetString()!)];
        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(3, keys.Length);
    }

    [Fact]
    public async Task Init_FolderThatExists_IsLeftAlone()
    {
        await InitAsync();
        string before = await File.ReadAllTextAsync(Path.Combine(Offline, "root-1.pem"), Cancel);
        Assert.Equal(CommandLine.Failed, await RunAsync("keys", "init", _folder.Combine("ceremony")));
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(Offline, "root-1.pem"), Cancel));
    }

    [Theory]
    [InlineData("--root-threshold", "4")]
    [InlineData("--targets-threshold", "0")]
    [InlineData("--root-keys", "0")]
    public async Task Init_ThresholdThatCannotBeMet_CreatesNothing(string option, string value)
    {
        Assert.Equal(CommandLine.Failed, await RunAsync("keys", "init", _folder.Combine("ceremony"), option, value));
        Assert.False(Directory.Exists(_folder.Combine("ceremony")));
    }

    private async Task InitAsync() => Assert.Equal(
        0, await RunAsync("keys", "init", _folder.Combine("ceremony"), "--targets-keys", "3", "--targets-threshold", "2"));

    private async Task SignAsync(string file, string key) =>
        Assert.Equal(0, await RunAsync("sign", file, "--key", Path.Combine(Offline, key + ".pem")));

    private Task<int> ApproveAsync(RelayProcess relay, string id, string key) => RunAsync(
        ["approve", id, "--key", Path.Combine(Offline, key + ".pem"), .. ConnectionTo(relay, relay.AdminKey)]);

    private static string[] ConnectionTo(RelayProcess relay, string key) =>
        ["--relay", relay.Address.ToString(), "--approver-key", key, "--ca", Path.Combine(relay.DataFolder, "tls", "ca.pem")];

    private static async Task<string> ApproverKeyAsync(RelayProcess relay) =>
        (await OutputOfAsync(["approver-key", "--data", relay.DataFolder, .. TestDatabases.ArgumentsFor(relay.DataFolder)])).Trim().Split(' ')[^1];

    private static async Task<string> OutputOfAsync(string[] arguments)
    {
        using StringWriter output = new();
        Assert.Equal(0, await CommandLine.RunAsync(RelayCommand.Create(), arguments, output, TextWriter.Null, Cancel));
        return output.ToString();
    }

    private static Task<int> RunAsync(params string[] arguments) =>
    CommandLine.RunAsync(RelayCommand.Create(), arguments, TextWriter.Null, TextWriter.Null, Cancel);

    private static async Task TrainAsync(HttpClient admin, ModelSpec? spec = null, params GateAcceptance[] accept)
    {
        (await admin.PutAsJsonAsync($"{Routes.Models}/{SmallModel.Name}", spec ?? SmallModel.Spec(), ModelJson.Default.ModelSpec, Cancel))
            .EnsureSuccessStatusCode();
        using HttpResponseMessage accepted = await admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data) { Accept = accept },
            RelayApiJson.Default.TrainingRunRequest, Cancel);
        TrainingRun run = (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, Cancel))!;
        await admin.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
    }
}
