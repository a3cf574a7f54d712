using Relay.Server.Keys;
using Relay.Server.Repository.Rotation;
using Relay.TestKit.Trust;
using Shared.Contracts;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Repository.Rotation;

/// <summary>One key under two ids is one key for every command that changes keys.</summary>
public sealed class AliasedKeyTests : IAsyncLifetime
{
    private const string Alias = "alias";
    private TestRepository _relay = null!;
    private byte[] _root = [];

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRepository.CreateAsync();
        using MisbehavingRepository wire = new(_relay);
        wire.AddRoot(
            root =>
            {
                root["keys"]![Alias] = wire.Keys.Public(RoleNames.Timestamp);
                root["roles"]![RoleNames.Timestamp]!["keyids"]!.AsArray().Add(Alias);
            },
            "root-1", "root-2");
        _root = wire.Serve("metadata/2.root.json")!;
    }

    public ValueTask DisposeAsync()
    {
        _relay.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public async Task ImportRootAsync_RootThatListsAKeyTwice_IsRefused()
    {
        Result<RotationOutcome, RotationRefusal> imported =
            await _relay.Rotations.ImportRootAsync([_root], TestContext.Current.CancellationToken);

        Assert.Equal(RotationRefusalReason.Refused, imported.Refusal?.Reason);
        Assert.Equal(1, _relay.Read().Root.Version);
    }

    [Fact]
    [Trait("Attack", "two-ids-one-key")]
    public void Drop_KeyThatIsListedTwice_GoesUnderBothIds()
    {
        RoleAssignments assignments = Assignments();
        string id = _relay.Read().Assignments.Timestamp.Keys.Single().Id;

        Assert.Equal(RotationRefusalReason.BelowThreshold, RoleAssignmentChange.Drop(assignments, id, null).Refusal?.Reason);
        RoleAssignments changed = RoleAssignmentChange.Drop(assignments, Alias, _relay.PublicOf("new")).Value!;
        Assert.Equal([_relay.PublicOf("new").Id], changed.Timestamp.Keys.Select(key => key.Id));
    }

    [Fact]
    public void FindKeyError_KeyThatIsListedTwice_IsNamedByItsRole() =>
        Assert.Contains(RoleNames.Timestamp, Assignments().FindKeyError(), StringComparison.Ordinal);

    private RoleAssignments Assignments() => RoleAssignments.FromMetadata(
        (RootMetadata)UntrustedMetadata.Read(_root).ValueOrThrow().Metadata, _relay.Read().Targets);
}
