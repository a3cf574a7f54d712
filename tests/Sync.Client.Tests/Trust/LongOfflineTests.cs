using System.Text;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Trust;

/// <summary>A fleet that was off while everything was replaced comes back by itself, from the root that it was installed with.</summary>
public sealed class LongOfflineTests
{
    private const int Nodes = 5;
    private const int Rotations = 5;

    [Fact]
    public async Task RefreshAsync_FleetOfflineDuringFiveRootsACmsRootAndAnExpiry_Recovers()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        await fixture.PublishAsync(TestModel.Create(version: 1));
        for (int node = 0; node < Nodes; node++)
        {
            using SyncClient awake = Open(fixture, node);
            Assert.True((await awake.RefreshAsync()).Activated);
        }

        fixture.Clock.Advance(TimeSpan.FromDays(30));
        await fixture.Honest.Renewals.RenewDueAsync(CancellationToken.None);
        await ReplaceEverythingAsync(fixture.Honest);

        for (int node = 0; node < Nodes; node++)
        {
            using SyncClient back = Open(fixture, node);
            await back.RestoreAsync();
            Assert.Equal((1, true), (back.Models.Single().Predict(new float[4]).Version, back.Status.Stale));

            RefreshResult result = await back.RefreshAsync();

            Assert.Equal((true, null), (result.Activated, result.Refusal));
            Assert.Equal((2, false), (back.Models.Single().Predict(new float[4]).Version, back.Status.Stale));
        }
    }

    [Fact]
    [Trait("Attack", "wrong-root")]
    public async Task RefreshAsync_ModelOfTheOldCmsRootAfterItWasReplaced_IsRefused()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync();
        using TestRepository newAuthority = await TestRepository.CreateAsync(fixture.Clock);
        fixture.Repository.ForgeTarget(RoleNames.Targets, TargetPaths.Anchors, Anchors(newAuthority), RoleNames.Targets);
        TestModel model = TestModel.Create(version: 1);
        await fixture.PublishAsync(model);
        fixture.Repository.Behave();
        fixture.Repository.ForgeTarget(RoleNames.Targets, TargetPaths.Anchors, Anchors(newAuthority), RoleNames.Targets);
        using SyncClient node = fixture.OpenNode();

        Assert.Equal(RefusalReason.CmsUntrustedSigner, (await node.RefreshAsync()).Refusal?.Reason);
    }

    // Each root brings new root keys; the last one new keys of every other role, too. The old CMS root is gone in the end.
    private static async Task ReplaceEverythingAsync(TestRepository relay)
    {
        for (int rotation = 1; rotation < Rotations; rotation++)
        {
            await relay.RotateAsync(RoleNames.Root);
        }

        await relay.RotateAsync(RoleNames.Root, RoleNames.Targets, RoleNames.Channels, RoleNames.Snapshot, RoleNames.Timestamp);
        await relay.RotateCmsRootAsync();
        TestModel second = TestModel.Create(version: 2);
        await relay.PublishRestartedAsync(second.Description.Name, 2, second.Onnx);
        await relay.FinishCmsRootAsync();
        Assert.Equal(1 + Rotations, relay.Read().Root.Version);
    }

    private static byte[] Anchors(TestRepository authority) =>
        Encoding.ASCII.GetBytes(authority.Keys.CmsRoot.ExportCertificatePem() + "\n");

    private static SyncClient Open(NodeFixture fixture, int node)
    {
        fixture.Options.NodeId = $"node-{node}";
        fixture.Options.StoreFolder = fixture.Combine($"store-{node}");
        return fixture.OpenNode();
    }
}
