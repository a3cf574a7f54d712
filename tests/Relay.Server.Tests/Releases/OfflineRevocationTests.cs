using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Releases;

/// <summary>A relay whose targets key is offline: what stays known of a revocation.</summary>
public sealed class OfflineRevocationTests : IAsyncLifetime
{
    private OfflineRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await OfflineRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Revoke_WithOfflineKeys_KeepsTheReasonForApproversTheListAndStatus()
    {
        await _relay.ApproveAsync(await _relay.PublishAsync());
        string id = await _relay.RevokeAsync();
        RevocationView waiting = await _relay.RevocationAsync();
        string listed = await _relay.RunAsync("pending");
        string before = await _relay.RunAsync("status");
        string structured = await _relay.RunAsync("status", "--json");

        string shown = await _relay.ApproveAsync(id);
        RevocationView inForce = await _relay.RevocationAsync();
        ChannelView channel = (await _relay.Relay.Admin.GetFromJsonAsync($"{Routes.Channels}/stable", RelayApiJson.Default.ChannelView))!;
        string status = await _relay.RunAsync("status");

        Assert.Equal((false, OfflineRelay.Reason), (waiting.InForce, waiting.Reason));
        Assert.Contains($"revokes small 1: {OfflineRelay.Reason}", listed, StringComparison.Ordinal);
        Assert.Contains("small 1 is revoked with this change", shown, StringComparison.Ordinal);
        Assert.Contains(OfflineRelay.Reason, shown, StringComparison.Ordinal);
        Assert.Equal((true, OfflineRelay.Reason), (inForce.InForce, inForce.Reason));
        Assert.Equal(["stable"], inForce.Channels);
        Assert.Equal([_relay.Version], channel.Revoked);
        Assert.Contains($"WAITS FOR SIGNATURES: {id}, 0 of 1, since ", before, StringComparison.Ordinal);
        Assert.Contains("revokes small 1", before, StringComparison.Ordinal);
        Assert.Contains($"relay approve {id} --key", before, StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(structured);
        Assert.Equal(id, Assert.Single(report.RootElement.GetProperty("pending").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain("WAITS FOR SIGNATURES", status, StringComparison.Ordinal);
        Assert.Contains("REVOKED: small 1", status, StringComparison.Ordinal);
        Assert.Contains($"revoked small 1: {OfflineRelay.Reason}", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_WhosePublicationIsVoid_IsNotInForceAndIsLogged()
    {
        string publication = await _relay.PublishAsync();
        string revocation = await _relay.RevokeAsync();
        await _relay.ApproveAsync(publication);
        TestClock clock = TestClock.Running();
        clock.Advance(TimeSpan.FromMinutes(2));
        TestLogger<RevocationMonitor> log = new();
        IServiceProvider services = _relay.Relay.Services;
        using RevocationMonitor monitor = new(
            services.GetRequiredService<RepositoryCache>(), services.GetRequiredService<RevocationStore>(),
            services.GetRequiredService<ApprovalService>(), clock, log);
        monitor.Check();
        monitor.Check();

        using HttpResponseMessage gone = await _relay.Relay.Admin.GetAsync($"{Routes.Pending}/{revocation}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        RevocationView view = await _relay.RevocationAsync();
        Assert.Equal((false, OfflineRelay.Reason), (view.InForce, view.Reason));
        Assert.Contains("revoke it again", view.Effect, StringComparison.Ordinal);
        Assert.Contains("NOT IN FORCE", await _relay.RunAsync("status"), StringComparison.Ordinal);
        Assert.Equal(1314, Assert.Single(log.Entries).EventId);
    }
}
