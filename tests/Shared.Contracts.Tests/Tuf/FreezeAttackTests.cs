using System.Globalization;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Shared.Contracts.Tests.Tuf;

/// <summary>Metadata past its date, and clocks that are wrong.</summary>
public sealed class FreezeAttackTests
{
    [Fact]
    [Trait("Attack", "freeze")]
    public async Task Refresh_FrozenTimestamp_ExpiresAfterADay()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        scene.Wire.Freeze();
        scene.Honest.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Null(scene.Refresh());
        scene.Honest.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RefusalReason.MetadataExpired, scene.Refresh()?.Reason);
    }

    [Theory]
    [InlineData(RoleNames.Timestamp)]
    [InlineData(RoleNames.Snapshot)]
    [InlineData(RoleNames.Targets)]
    [InlineData(RoleNames.Channels)]
    [Trait("Attack", "freeze")]
    public async Task Refresh_RoleThatExpiresNow_HasExpired(string role)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        string now = scene.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        scene.Wire.Forge(role, signed => (signed["version"], signed["expires"]) = (99, now), role);
        Refusal? refusal = scene.Fetch(TargetPaths.Channel("stable"));
        Assert.Equal((RefusalReason.MetadataExpired, role), (refusal?.Reason, refusal?.Subject));
    }

    [Fact]
    public async Task Refresh_ExpiredIntermediateRoot_IsPassedThrough()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        string fresh = scene.Wire.Signed(RoleNames.Root)["expires"]!.GetValue<string>();
        scene.Wire.AddRoot(root => root["expires"] = "2001-01-01T00:00:00Z", "root-1", "root-2");
        Assert.Equal(RefusalReason.MetadataExpired, scene.Refresh()?.Reason);
        scene.Wire.AddRoot(root => root["expires"] = fresh, "root-1", "root-2");
        Assert.Null(scene.Refresh());
        Assert.Equal(3, scene.Node.Trusted.Root.Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3653)]
    [Trait("Attack", "clock-day")]
    [Trait("Attack", "clock-decade")]
    public async Task Refresh_NodeClockAhead_RefusesWhatIsNew(int days)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        Refusal? refusal = scene.Node.Refresh(scene.Wire.Serve, scene.Now.AddDays(days));
        Assert.Equal(RefusalReason.MetadataExpired, refusal?.Reason);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-3653)]
    [Trait("Attack", "clock-day")]
    [Trait("Attack", "clock-decade")]
    public async Task Refresh_NodeClockBehind_StillSeesARollback(int days)
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        byte[] old = scene.Wire.Serve("metadata/timestamp.json")!;
        await scene.PublishSecondAsync();
        Assert.Null(scene.Node.Refresh(scene.Wire.Serve, scene.Now.AddDays(days)));
        scene.Wire.Replace("metadata/timestamp.json", old);
        Assert.Equal(RefusalReason.MetadataRollback, scene.Node.Refresh(scene.Wire.Serve, scene.Now.AddDays(days))?.Reason);
    }

    [Fact]
    public async Task Create_ExpiryReportedOnly_AcceptsWhatExpiredAndSaysSo()
    {
        using TrustScene scene = await TrustScene.CreateAsync();
        DateTimeOffset later = scene.Now.AddYears(10);
        TrustedMetadata trusted = TrustedMetadata.Create(scene.Honest.FirstRoot, later, ExpiryRule.ReportedOnly).ValueOrThrow();
        Assert.Null(trusted.UpdateTimestamp(scene.Wire.Serve("metadata/timestamp.json")));
        Assert.Null(trusted.UpdateSnapshot(scene.Wire.Serve(scene.Wire.MetadataPath(RoleNames.Snapshot))));
        Assert.Null(trusted.UpdateTargets(scene.Wire.Serve(scene.Wire.MetadataPath(RoleNames.Targets))));
        Assert.True(trusted.IsStale);
        Assert.NotNull(trusted.Find(TargetPaths.Model("threat", 1)).Found);
    }
}
