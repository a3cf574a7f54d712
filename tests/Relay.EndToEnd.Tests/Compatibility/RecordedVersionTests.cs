using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;
using Sync.Client;

namespace Relay.EndToEnd.Tests.Compatibility;

/// <summary>The current version with what version 0.1 sent, signed and stored, and what version 0.1 could not read.</summary>
public sealed class RecordedVersionTests : IDisposable
{
    // What a node of version 0.1 reads of a release, a channel and the policy; it refuses one member more.
    private static readonly string[] CandidateMembers = [".candidate", ".candidate.percentage", ".candidate.release", ".candidate.salt"];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_StoreOfVersion01_ServesItsReleaseAndKeepsSteeringAndQuarantine()
    {
        TemporaryFolder.CopyInto(RecordedVersion.Combine("store"), _folder.Combine("store"));
        await using SyncClient node = Open(options => options.AirGapped = true);

        await node.RestoreAsync(Cancel);

        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
        Assert.Equal(NodeSteering.PinnedTo(2), node.Status.Steering);
        Assert.Equal(3, Assert.Single(node.Status.Quarantine).Version);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_RepositoryOfVersion01_RunsItsRelease()
    {
        await using StaticServer server = await StaticServer.StartAsync(RecordedVersion.Combine("repository"));
        await using SyncClient node = Open(options =>
        {
            options.Mirrors.Add(server.Address);
            options.MirrorTlsRoot = server.TlsRoot;
        });

        Assert.Null((await node.RefreshAsync(Cancel)).Refusal);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    public async Task Import_BundleOfVersion01_RunsItsRelease()
    {
        await using SyncClient node = Open(options => options.AirGapped = true);

        Assert.Null((await node.ImportAsync(RecordedVersion.Combine("stable.bundle"), Cancel)).Refusal);
        Assert.Equal(2, node.Models.Single().Predict(new float[4]).Version);
    }

    [Fact]
    public async Task CheckIn_EachOfVersion01_IsStored()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        foreach (byte[] body in RecordedVersion.CheckIns)
        {
            using StringContent content = new(Encoding.UTF8.GetString(body), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await relay.Anonymous.PostAsync(Routes.CheckInsOf("node-1"), content, Cancel);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        Page<NodeView> nodes = (await relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!;
        CheckIn stored = Assert.Single(nodes.Items).CheckIn;
        Assert.Equal((2, "Pinned to release 2"), (stored.Release, stored.Steering));
        Assert.Equal("GoldenVectorMismatch", Assert.Single(stored.Quarantine).Reason);
    }

    [Fact]
    public async Task CheckIn_OfTodaysNodeToARelayOfVersion01_Arrives()
    {
        HashSet<string> known = [.. RecordedVersion.CheckIns.SelectMany(RecordedVersion.Members)];
        using TestRepository honest = await TestRepository.CreateAsync();
        using MisbehavingRepository repository = new(honest);
        await using RepositoryServer server = await RepositoryServer.StartAsync(repository);
        server.CheckInStatus = body => RecordedVersion.Members(body).IsSubsetOf(known) && HasKnownReasons(body) ? 204 : 400;
        await honest.PublishAsync("threat-classifier", 1, TestModel.Create(version: 1).Onnx);
        await honest.PublishAsync("threat-classifier", 2, TestModel.Create(version: 2, alterGolden: TestModel.SpoilOne).Onnx);
        await File.WriteAllBytesAsync(_folder.Combine("root.json"), honest.FirstRoot, Cancel);
        await using SyncClient node = Open(options =>
        {
            (options.Relay, options.TlsRoot, options.TrustedRoot) = (server.Address, server.TlsRoot, _folder.Combine("root.json"));
            options.Budgets.Retries = 0;
        });

        await node.PinAsync(1, Cancel);
        await node.FollowAsync(Cancel);

        Assert.NotEmpty(server.CheckIns);
        Assert.Equal(1, server.CheckIns.Last().Release);
        Assert.Equal("GoldenVectorMismatch", Assert.Single(server.CheckIns.Last().Quarantine).Reason);
    }

    [Fact]
    public async Task SignedDocuments_OfToday_HaveTheMembersOfVersion01AndNoOther()
    {
        using TestRepository today = await TestRepository.CreateAsync();
        await today.PublishAsync("threat-classifier", 1, TestModel.Create(version: 1).Onnx);
        await today.PublishAsync("threat-classifier", 2, TestModel.Create(version: 2).Onnx, percentage: 10);
        using MisbehavingRepository served = new(today);

        AssertSame(TargetPaths.Release(1), RecordedVersion.Read("releases", "1.json"));
        AssertSame(TargetPaths.Policy, RecordedVersion.Read("trust", "policy.json"));
        Assert.Equal(
            RecordedVersion.Members(RecordedVersion.Read("channels", "stable.json")).Concat(CandidateMembers).Order(StringComparer.Ordinal),
            RecordedVersion.Members(today.Serve(served.TargetPath(TargetPaths.Channel("stable")))!).Order(StringComparer.Ordinal));

        void AssertSame(string target, byte[] recorded) =>
            Assert.Equal(RecordedVersion.Members(recorded), RecordedVersion.Members(today.Serve(served.TargetPath(target))!));
    }

    [Theory]
    [InlineData("root")]
    [InlineData("targets")]
    [InlineData("channels")]
    [InlineData("snapshot")]
    [InlineData("timestamp")]
    public async Task Metadata_OfToday_HaveEachMemberThatVersion01Reads(string role)
    {
        using TestRepository today = await TestRepository.CreateAsync();
        await today.PublishAsync("threat-classifier", 1, TestModel.Create(version: 1).Onnx);

        JsonObject recorded = Signed(Newest(RecordedVersion.Combine("repository", "metadata"), role));
        JsonObject current = Signed(Newest(Path.Combine(today.RepositoryPath, "metadata"), role));

        Assert.Superset(Names(recorded), Names(current));
        if (role is "targets" or "channels")
        {
            Assert.All(current["targets"]!.AsObject(), t =>
            {
                JsonNode was = recorded["targets"]!.AsObject().First(r => (r.Value!["custom"] is null) == (t.Value!["custom"] is null)).Value!;

                // A hash of a kind that version 0.1 does not know would cost it the whole file; one kind is enough for it.
                Assert.Contains("sha256", Names(t.Value!["hashes"]!));
                Assert.Subset(Names(was["hashes"]!), Names(t.Value!["hashes"]!));
                Assert.Superset(Names(was), Names(t.Value!));
                Assert.True(was["custom"] is not { } custom || Names(custom).IsSubsetOf(Names(t.Value!["custom"]!)));
            });
        }
    }

    [Fact]
    public void Spec_OfVersion01_IsReadAsItWas()
    {
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RecordedVersion.Combine("spec.json")));

        Assert.Equal((SmallModel.Name, 5, (ulong?)7), (spec.Name, spec.Parameters.Trees, spec.Parameters.Seed));
    }

    private static bool HasKnownReasons(byte[] body)
    {
        JsonObject report = JsonNode.Parse(body)!.AsObject();
        return report["refusals"]!.AsArray().Concat(report["quarantine"]!.AsArray())
            .All(r => RecordedVersion.Reasons.Contains(r!["reason"]!.GetValue<string>()));
    }

    private static string Newest(string folder, string role) =>
        Directory.EnumerateFiles(folder, $"*{role}.json").Order(StringComparer.Ordinal).Last();

    private static JsonObject Signed(string file) => JsonNode.Parse(File.ReadAllBytes(file))!["signed"]!.AsObject();

    private static HashSet<string> Names(JsonNode owner) => [.. owner.AsObject().Select(m => m.Key)];

    private SyncClient Open(Action<RelaySyncOptions> configure)
    {
        RelaySyncOptions options = new()
        {
            TrustedRoot = RecordedVersion.Combine("root.json"),
            StoreFolder = _folder.Combine("store"),
            NodeId = "node-1",
            Models = { "threat-classifier" },
        };
        options.Budgets.TryOutLatency = TimeSpan.FromSeconds(5);
        configure(options);
        return new SyncClient(options, new TestClock(RecordedVersion.Time), NullLogger<SyncClient>.Instance);
    }
}
