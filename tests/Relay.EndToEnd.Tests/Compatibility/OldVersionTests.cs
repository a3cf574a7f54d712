using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Sync.Client;

namespace Relay.EndToEnd.Tests.Compatibility;

/// <summary>The newest relay with the oldest node, and the newest node with the oldest relay, as processes.</summary>
public sealed class OldVersionTests(OldVersion old) : IClassFixture<OldVersion>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OldNode_OfTheNewestRelay_RunsItsReleasesAndChecksIn()
    {
        SkipWhereMissing();
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(cancellationToken: Cancel));
        string first = await RunOldNodeAsync(relay);
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(cancellationToken: Cancel));
        string second = await RunOldNodeAsync(relay);

        Assert.Equal(("version 1, refused ", "version 2, refused "), (first, second));
        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        Assert.Equal(2, Assert.Single(nodes.Items).CheckIn.Release);
    }

    [Fact]
    public async Task NewestNode_OfTheOldRelay_RunsItsReleasesAndChecksInAlsoWithNewReasons()
    {
        SkipWhereMissing();
        await using RelayProcess relay = new() { Program = old.Relay };
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        await PublishAsync(admin);
        RelaySyncOptions options = new()
        {
            Relay = relay.Address,
            TlsRoot = Path.Combine(relay.DataFolder, "tls", "ca.pem"),
            TrustedRoot = Path.Combine(relay.DataFolder, "trust", "root.json"),
            StoreFolder = _folder.Combine("store"),
            NodeId = "newest",
            Models = { SmallModel.Name },
        };
        await using SyncClient node = new(options, TimeProvider.System, NullLogger<SyncClient>.Instance);
        Directory.CreateDirectory(_folder.Combine("store/steering.json"));

        await node.RefreshAsync(Cancel);
        await PublishAsync(admin);
        Directory.Delete(_folder.Combine("store/steering.json"));
        await node.RefreshAsync(Cancel);

        Assert.Equal(2, node.Models.Single().Active.Version);
        Assert.Empty(node.Status.CurrentRefusals);
        Page<NodeView> nodes = (await admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        Assert.Equal(2, Assert.Single(nodes.Items).CheckIn.Release);
    }

    private static async Task PublishAsync(HttpClient admin)
    {
        (await admin.PutAsJsonAsync($"{Routes.Models}/{SmallModel.Name}", SmallModel.Spec(), ModelJson.Default.ModelSpec, Cancel))
            .EnsureSuccessStatusCode();
        using HttpResponseMessage started = await admin.PostAsJsonAsync(
            Routes.TrainingRuns, new TrainingRunRequest(SmallModel.Name, SmallModel.Data), RelayApiJson.Default.TrainingRunRequest, Cancel);
        started.EnsureSuccessStatusCode();
        TrainingRun run = (await started.Content.ReadFromJsonAsync(RelayApiJson.Default.TrainingRun, Cancel))!;
        run = await admin.WaitForRunAsync(run.Id, r => r.IsFinished, Cancel);
        using HttpResponseMessage published = await admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [new ModelVersion(SmallModel.Name, run.Version!.Value)] },
            RelayApiJson.Default.ReleaseRequest, Cancel);
        published.EnsureSuccessStatusCode();
    }

    private async Task<string> RunOldNodeAsync(TestRelay relay)
    {
        CommandRun run = (await CommandRun.TryAsync(
            "dotnet", [old.Node, relay.Address.ToString(), relay.CertificateAuthority, relay.TrustedRoot, _folder.Combine("store"),
                SmallModel.Name]))!;
        Assert.True(run.ExitCode == 0, run.Errors);
        return Encoding.UTF8.GetString(run.Output).TrimEnd('\n');
    }

    private void SkipWhereMissing()
    {
        if (old.Missing is { } why)
        {
            Assert.Skip(why);
        }
    }
}
