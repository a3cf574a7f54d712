using System.Net.Http.Json;
using System.Security.Cryptography;
using Demo;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Onnx;
using Shared.Contracts.Tuf;
using SimulatedFleet;

namespace Relay.EndToEnd.Tests;

/// <summary>The light nodes of the demonstration and of the measurements, on a relay that is closed to strangers.</summary>
public sealed class SimulatedFleetTests : IAsyncLifetime
{
    private const int Nodes = 12;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestRelay _relay = null!;
    private Fleet _fleet = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string HashOf(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private string Timestamp => Path.Combine(_relay.DataFolder, "repository", "metadata", MetadataPaths.Timestamp);

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 2, Cancel));
        _fleet = await Fleet.StartAsync(
            new FleetOptions
            {
                Relay = _relay.Address,
                TlsRoot = _relay.CertificateAuthority,
                TrustedRoot = _relay.TrustedRoot,
                EnrollmentToken = await _relay.CreateEnrollmentTokenAsync(Nodes),
                Channel = "stable",
                Nodes = Nodes,
                NodesPerConnection = 5,
                ReportInterval = null,
                Behavior = static (_, model) => new UsageFigures(Calls: 10, Failures: model.Version),
            },
            TimeProvider.System, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Fleet_NewReleaseAndTheWayBack_DownloadsOnceAndReturnsFromWhatItHolds()
    {
        _fleet.ClearJournal();
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 3, Cancel));
        await _fleet.WaitAsync("release 2", Deadline, () => _fleet.CountOn(2) == Nodes, Cancel);
        int downloads = _fleet.Journal.Sum(e => e.Downloads);
        _fleet.ClearJournal();
        using HttpResponseMessage back = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Release = 1 }, RelayApiJson.Default.ReleaseRequest, Cancel);
        back.EnsureSuccessStatusCode();
        await _fleet.WaitAsync("release 1", Deadline, () => _fleet.CountOn(1) == Nodes, Cancel);

        Assert.Equal(Nodes, downloads);
        Assert.Equal((Nodes, 0), (_fleet.Journal.Count, _fleet.Journal.Sum(e => e.Downloads)));
    }

    [Fact]
    public async Task Fleet_Reports_AreSignedCheckInsWithUsage()
    {
        await _fleet.Nodes[0].ReportAsync(Cancel);

        FleetView view = (await _relay.Admin.GetFromJsonAsync(Routes.Fleet, RelayApiJson.Default.FleetView, Cancel))!;
        Page<NodeView> nodes = (await _relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        Assert.Equal(Nodes, view.Nodes);
        Assert.All(nodes.Items, node => Assert.True(node.Signed));
        Assert.All(nodes.Items, node => Assert.Equal(HashOf(Timestamp), node.CheckIn.Metadata?.Sha256));
        Assert.Equal(Nodes + 1, _fleet.Journal.Count(e => e.Kind == FleetEventKind.Reported));
    }

    [Fact]
    public async Task SharedMetadata_TimestampWithAByteAltered_IsRefused()
    {
        SharedMetadata metadata = new(await File.ReadAllBytesAsync(_relay.TrustedRoot, Cancel), TimeProvider.System);
        byte[] file = await File.ReadAllBytesAsync(Timestamp, Cancel);
        byte[] altered = [.. file];
        altered[Array.LastIndexOf(altered, (byte)'"') - 1] ^= 1;

        Assert.Throws<FleetException>(() => metadata.TakeTimestamp(altered));
        Assert.Equal(_fleet.Nodes[0].Timestamp, metadata.TakeTimestamp(file).Version);
    }

    [Fact]
    public async Task VerifiedMetadata_OtherBytesThanAnotherNodeWasGiven_AreRefused()
    {
        SharedMetadata metadata = new(await File.ReadAllBytesAsync(_relay.TrustedRoot, Cancel), TimeProvider.System);
        VerifiedMetadata verified = metadata.TakeTimestamp(await File.ReadAllBytesAsync(Timestamp, Cancel));
        byte[] snapshot = await File.ReadAllBytesAsync(Path.Combine(Path.GetDirectoryName(Timestamp)!, verified.Snapshot.FileName), Cancel);
        byte[] altered = [.. snapshot, (byte)' '];

        Assert.Throws<FleetException>(() => verified.Take(verified.Snapshot, altered));
        verified.Take(verified.Snapshot, snapshot);
        Assert.Throws<FleetException>(() => verified.Take(verified.Snapshot, altered));
    }

    [Fact]
    public void MisjudgingVersion_OfAnArtifact_AnswersOneLabelAndIsInOrderOtherwise()
    {
        byte[] artifact = _fleet.Nodes[0].Models[0].Artifact;
        ArtifactDescription good = ArtifactInspector.Inspect(artifact, SmallModel.Name).ValueOrThrow();
        string label = good.Golden.Labels.Distinct().Last();

        // To make it proves that its golden vectors hold.
        ArtifactDescription bad = ArtifactInspector.Inspect(MisjudgingVersion.Create(artifact, number: 9, label), SmallModel.Name).ValueOrThrow();

        Assert.True(good.Golden.Labels.Distinct().Count() > 1);
        Assert.Equal((9, good.SchemaHash), (bad.Version, bad.SchemaHash));
        Assert.All(bad.Golden.Labels, answer => Assert.Equal(label, answer));
    }
}
