using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Monitoring;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Monitoring;

public sealed class TrustEndpointsTests
{
    [Fact]
    public async Task Trust_NewRelay_ListsRolesAndWhatExpires()
    {
        await using TestRelay relay = await TestRelay.StartAsync();

        TrustView trust = (await relay.Admin.GetFromJsonAsync(Routes.Trust, RelayApiJson.Default.TrustView))!;
        using HttpResponseMessage keyless = await relay.Anonymous.GetAsync(Routes.Trust);

        Assert.Equal(["root", "targets", "channels", "snapshot", "timestamp"], trust.Roles.Select(role => role.Role));
        Assert.Equal((2, 3), (trust.Roles[0].Threshold, trust.Roles[0].Keys.Count));
        Assert.All(trust.Roles, role => Assert.All(role.Keys, key => Assert.True(key.HeldByRelay)));
        Assert.Equal(
            ["root", "targets", "channels", "snapshot", "timestamp", "cms-signer", "cms-root", "tls"], trust.Expiries.Select(
                expiry => expiry.Subject));
        Assert.All(trust.Expiries, expiry => Assert.Equal("fine", expiry.State));
        Assert.Equal(HttpStatusCode.Unauthorized, keyless.StatusCode);
    }

    [Fact]
    public async Task Trust_SignerOfARunningModelNearItsEnd_IsDue()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = clock });
        await relay.PublishAsync("stable", await relay.TrainSmallAsync());
        TrustExpiryView fine = await ReleasedSignersAsync();
        clock.Advance(TimeSpan.FromDays(fine.DaysLeft - 59));

        Assert.Equal("fine", fine.State);
        Assert.Equal("due", (await ReleasedSignersAsync()).State);

        async Task<TrustExpiryView> ReleasedSignersAsync() =>
            (await relay.Admin.GetFromJsonAsync(Routes.Trust, RelayApiJson.Default.TrustView))!
                .Expiries.Single(expiry => expiry.Subject == "released-signers");
    }

    [Fact]
    public async Task Trust_RootKeysMovedAway_AreOffline()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        foreach (string file in Directory.GetFiles(Path.Combine(relay.DataFolder, "keys"), "root-*.pem"))
        {
            File.Delete(file);
        }

        TrustView trust = (await relay.Admin.GetFromJsonAsync(Routes.Trust, RelayApiJson.Default.TrustView))!;

        Assert.All(trust.Roles[0].Keys, key => Assert.False(key.HeldByRelay));
    }

    [Fact]
    public async Task Ready_TimestampOverdue_IsReadyWithAWarning()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = clock });

        Assert.Empty(await WarningsAsync(relay));
        clock.Advance(TimeSpan.FromHours(5));

        Assert.StartsWith("timestamp", Assert.Single(await WarningsAsync(relay)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ThresholdCrossed_LogsOnce()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(o => o with { TimeProvider = clock });
        TestLogger<ExpiryMonitor> log = new();
        using ExpiryMonitor watch = new(relay.Services.GetRequiredService<TrustOverview>(), clock, log);

        watch.Check();
        clock.Advance(TimeSpan.FromHours(5));
        watch.Check();
        watch.Check();
        clock.Advance(TimeSpan.FromHours(20));
        watch.Check();
        clock.Advance(TimeSpan.FromHours(-25));
        watch.Check();
        watch.Check();

        Assert.Equal([1320, 1321, 1322], log.Entries.Select(entry => entry.EventId));
    }

    private static async Task<string[]> WarningsAsync(TestRelay relay)
    {
        using JsonDocument health = JsonDocument.Parse(await relay.Anonymous.GetStringAsync("/health/ready"));
        return [.. health.RootElement.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
    }
}
