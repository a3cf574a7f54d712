using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Server.Cli;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Releases;

/// <summary>A relay whose targets key is offline: what approvers see, and what stays known of a revocation.</summary>
public sealed class OfflineRevocationTests : IAsyncLifetime
{
    private const string Reason = "learned from poisoned rows";
    private readonly TemporaryFolder _folder = new();
    private TestRelay _relay = null!;
    private ModelVersion _version = null!;

    public async ValueTask InitializeAsync()
    {
        KeyCeremony.Create(_folder.Combine("keys"), new CeremonyPlan(3, 2, 1, 1), TimeProvider.System.GetUtcNow(), new DurableFiles());
        _relay = await TestRelay.StartAsync(options => options with { KeysFolder = _folder.Combine("keys/online") });
        _version = await _relay.TrainSmallAsync(trees: 2);
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Revoke_WithOfflineKeys_KeepsTheReasonForApproversTheListAndStatus()
    {
        await ApproveAsync(await PublishAsync());
        string id = await RevokeAsync();
        RevocationView waiting = await RevocationAsync();
        string listed = await RunAsync("pending");

        string shown = await ApproveAsync(id);
        RevocationView inForce = await RevocationAsync();
        ChannelView channel = (await _relay.Admin.GetFromJsonAsync($"{Routes.Channels}/stable", RelayApiJson.Default.ChannelView))!;
        string status = await RunAsync("status");

        Assert.Equal((false, Reason), (waiting.InForce, waiting.Reason));
        Assert.Contains($"revokes small 1: {Reason}", listed, StringComparison.Ordinal);
        Assert.Contains("small 1 is revoked with this change", shown, StringComparison.Ordinal);
        Assert.Contains(Reason, shown, StringComparison.Ordinal);
        Assert.Equal((true, Reason), (inForce.InForce, inForce.Reason));
        Assert.Equal(["stable"], inForce.Channels);
        Assert.Equal([_version], channel.Revoked);
        Assert.Contains("REVOKED: small 1", status, StringComparison.Ordinal);
        Assert.Contains($"revoked small 1: {Reason}", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_OfAPublication_NamesModelVersionAndRelease()
    {
        string id = await PublishAsync();

        PendingView whole = await PendingAsync(id);
        string listed = await RunAsync("pending");
        string shown = await ApproveAsync(id);

        Assert.Equal([_version], Assert.Single(whole.Releases).Models);
        Assert.Contains(whole.Files, file => (file.Model, file.Version, file.Release) == ("small", 1, 1));
        Assert.Contains("release 1: small 1", listed, StringComparison.Ordinal);
        Assert.Contains("release 1: small 1", shown, StringComparison.Ordinal);
        Assert.Contains("(small version 1, release 1)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_WhosePublicationIsVoid_IsNotInForceAndIsLogged()
    {
        string publication = await PublishAsync();
        string revocation = await RevokeAsync();
        await ApproveAsync(publication);
        TestClock clock = TestClock.Running();
        clock.Advance(TimeSpan.FromMinutes(2));
        TestLogger<RevocationMonitor> log = new();
        IServiceProvider services = _relay.Services;
        using RevocationMonitor monitor = new(
            services.GetRequiredService<RepositoryCache>(), services.GetRequiredService<RevocationStore>(),
            services.GetRequiredService<ApprovalService>(), clock, log);
        monitor.Check();
        monitor.Check();

        using HttpResponseMessage gone = await _relay.Admin.GetAsync($"{Routes.Pending}/{revocation}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        RevocationView view = await RevocationAsync();
        Assert.Equal((false, Reason), (view.InForce, view.Reason));
        Assert.Contains("revoke it again", view.Effect, StringComparison.Ordinal);
        Assert.Contains("NOT IN FORCE", await RunAsync("status"), StringComparison.Ordinal);
        Assert.Equal(1314, Assert.Single(log.Entries).EventId);
    }

    [Fact]
    public async Task Sign_WithTheSavedPendingAnswer_ShowsTheReleaseAndRefusesALie()
    {
        string id = await PublishAsync();
        string answer = await _relay.Admin.GetStringAsync($"{Routes.Pending}/{id}");
        PendingView view = await PendingAsync(id);
        string metadata = _folder.Combine("targets.json");
        await File.WriteAllTextAsync(metadata, view.Metadata);
        await File.WriteAllTextAsync(_folder.Combine("pending.json"), answer);
        await File.WriteAllTextAsync(_folder.Combine("lie.json"), answer.Replace("small", "smell", StringComparison.Ordinal));

        (int code, string shown) = await SignAsync(metadata, "pending.json");
        byte[] signed = await File.ReadAllBytesAsync(metadata);
        (int refused, _) = await SignAsync(metadata, "lie.json");
        (int notAnAnswer, _) = await SignAsync(metadata, "targets.json");

        Assert.Equal((0, CommandLine.Failed, CommandLine.Failed), (code, refused, notAnAnswer));
        Assert.Contains("release 1: small 1", shown, StringComparison.Ordinal);
        Assert.Equal(signed, await File.ReadAllBytesAsync(metadata));
    }

    [Fact]
    [Trait("Attack", "lying-relay")]
    public async Task Approve_RelayShowsAnotherReleaseThanTheOneToSign_IsRefused()
    {
        PendingView pending = await PendingAsync(await PublishAsync());
        UntrustedMetadata metadata = MetadataSummary.Read(System.Text.Encoding.UTF8.GetBytes(pending.Metadata!));
        TargetsMetadata targets = (TargetsMetadata)metadata.Metadata;
        PendingView lie = pending with
        {
            Files = [.. pending.Files.Select(file => file with { Text = file.Text?.Replace("small", "smell", StringComparison.Ordinal) })],
        };
        PendingView silence = pending with { Files = [.. pending.Files.Select(file => file with { Text = null })] };

        Assert.Contains("  release 1: small 1", PendingDocuments.Describe(pending, targets));
        Assert.Throws<CommandException>(() => PendingDocuments.Describe(lie, targets));
        Assert.Contains(PendingDocuments.Describe(silence, targets), line => line.Contains("did not send", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Monitor_RevokedVersionThatAChannelRuns_IsLoggedOnceWithItsReasonAndWhenItEnds()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ModelVersion first = await relay.TrainSmallAsync(trees: 2);
        await relay.PublishAsync("stable", first);
        RevocationStore store = relay.Services.GetRequiredService<RevocationStore>();
        TestLogger<RevocationMonitor> log = new();
        using RevocationMonitor monitor = new(relay.Services.GetRequiredService<RepositoryCache>(), store,
            relay.Services.GetRequiredService<ApprovalService>(), TimeProvider.System, log);
        StoredVersion stored = relay.Services.GetRequiredService<VersionStore>().Find(first.Name, first.Version)!;

        monitor.Check();
        Assert.Empty(log.Entries);
        store.Add(stored.Card, Reason);
        await relay.Services.GetRequiredService<PolicyPublisher>().RevokeAsync([stored.Card.Sha256], CancellationToken.None);
        monitor.Check();
        monitor.Check();
        await relay.PublishAsync("stable", await relay.TrainSmallAsync(trees: 3));
        monitor.Check();

        TestLogEntry[] entries = [.. log.Entries];
        Assert.Equal([LogLevel.Warning, LogLevel.Warning, LogLevel.Information], entries.Select(entry => entry.Level));
        Assert.Contains(Reason, entries[0].Message, StringComparison.Ordinal);
        Assert.Contains("Channel stable runs small 1, which is revoked", entries[1].Message, StringComparison.Ordinal);
    }

    private async Task<string> PublishAsync()
    {
        using HttpResponseMessage accepted = await _relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf("stable"), new ReleaseRequest { Models = [_version] }, RelayApiJson.Default.ReleaseRequest);
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice))!.Pending;
    }

    private async Task<string> RevokeAsync()
    {
        using HttpResponseMessage accepted = await _relay.Admin.PostAsJsonAsync(
            Routes.RevokeOf(_version.Name, _version.Version), new RevocationRequest { Reason = Reason }, RelayApiJson.Default.RevocationRequest);
        return (await accepted.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingNotice))!.Pending;
    }

    private async Task<PendingView> PendingAsync(string id) =>
        (await _relay.Admin.GetFromJsonAsync($"{Routes.Pending}/{id}", RelayApiJson.Default.PendingView))!;

    private async Task<RevocationView> RevocationAsync() =>
        Assert.Single((await _relay.Admin.GetFromJsonAsync(Routes.Revocations, RelayApiJson.Default.PageRevocationView))!.Items);

    private Task<string> ApproveAsync(string id) => RunAsync("approve", id, "--key", _folder.Combine("keys/offline/targets-1.pem"));

    private async Task<(int Code, string Output)> SignAsync(string metadata, string pending)
    {
        using StringWriter output = new();
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            ["sign", metadata, "--key", _folder.Combine("keys/offline/targets-1.pem"), "--pending", _folder.Combine(pending)],
            output, TextWriter.Null);
        return (code, output.ToString());
    }

    private async Task<string> RunAsync(string command, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        string keyOption = command == "status" ? "--key" : "--approver-key";
        int code = await CommandLine.RunAsync(
            RelayCommand.Create(),
            [command, .. arguments, "--relay", _relay.Address.ToString(), "--ca", _relay.CertificateAuthority, keyOption, _relay.AdminKey],
            output, error);
        Assert.True(code == 0, error.ToString());
        return output.ToString();
    }
}
