using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Cli;
using Relay.Server.Repository.Pending;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Releases;

/// <summary>A relay whose targets key is offline: what approvers see of a publication before they sign.</summary>
public sealed class OfflineApprovalTests : IAsyncLifetime
{
    private OfflineRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await OfflineRelay.StartAsync();

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    public async Task Pending_ListedWithOthers_HasNoTestResultsWhichTheOneThatIsAskedForHas()
    {
        string id = await _relay.PublishAsync();
        ApprovalService approvals = _relay.Relay.Services.GetRequiredService<ApprovalService>();

        PendingPublication listed = Assert.Single(approvals.List());
        PendingPublication found = approvals.Find(id)!;

        Assert.Equal([false, true], [HasTestResult(listed), HasTestResult(found)]);
        Assert.Equal(listed.Releases.Select(release => release.Number), found.Releases.Select(release => release.Number));
        Assert.Null(approvals.Find("../" + id));

        static bool HasTestResult(PendingPublication pending) => pending.Documents.Any(document => TargetPaths.IsTestResult(document.File.Path));
    }

    [Fact]
    public async Task Pending_OfAPublication_NamesModelVersionAndRelease()
    {
        string id = await _relay.PublishAsync();

        PendingView whole = await _relay.PendingAsync(id);
        string listed = await _relay.RunAsync("pending");
        string shown = await _relay.ApproveAsync(id);

        Assert.Equal([_relay.Version], Assert.Single(whole.Releases).Models);
        Assert.Contains(whole.Files, file => (file.Model, file.Version, file.Release) == ("small", 1, 1));
        Assert.Contains("release 1: small 1", listed, StringComparison.Ordinal);
        Assert.Contains("release 1: small 1", shown, StringComparison.Ordinal);
        Assert.Contains("(small version 1, release 1)", shown, StringComparison.Ordinal);
        Assert.Contains("stable, as the relay says: small 1, new on the channel (macroF1 ", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_OfAnotherVersion_SaysInsteadOfWhichAndHowGoodBothAre()
    {
        await _relay.ApproveAsync(await _relay.PublishAsync());
        ModelVersion next = await _relay.Relay.TrainSmallAsync(trees: 3);

        PendingView pending = await _relay.PendingAsync(await _relay.PublishAsync(next));
        string listed = await _relay.RunAsync("pending");

        PendingVersionChange change = Assert.Single(pending.VersionChanges);
        Assert.Equal(("stable", "small", 1, 2), (change.Channel, change.Model, change.From, change.To));
        Assert.Equal(("macroF1", "macroF1"), (change.FromQuality!.Name, change.ToQuality!.Name));
        Assert.Matches(@"small 2 \(macroF1 [0-9.]+\), instead of 1 \(macroF1 [0-9.]+\)", listed);
    }

    [Fact]
    [Trait("Attack", "one-person-alone")]
    public async Task Sign_ByTheKeyThatTrainedOrAskedForIt_IsRefusedAndByAnotherPublishes()
    {
        using HttpResponseMessage put = await _relay.Relay.Admin.PutAsJsonAsync(
            $"{Routes.Models}/small", SmallModel.Spec() with { TwoPeople = true }, ModelJson.Default.ModelSpec);
        put.EnsureSuccessStatusCode();
        string id = await _relay.PublishAsync();
        PendingView pending = await _relay.PendingAsync(id);
        await File.WriteAllTextAsync(_relay.Folder.Combine("targets.json"), pending.Metadata);
        await File.WriteAllTextAsync(_relay.Folder.Combine("pending.json"), await _relay.Relay.Admin.GetStringAsync($"{Routes.Pending}/{id}"));
        await _relay.SignAsync(_relay.Folder.Combine("targets.json"), "pending.json");
        string signed = await File.ReadAllTextAsync(_relay.Folder.Combine("targets.json"));
        using HttpResponseMessage made = await _relay.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest("approver", "approver"), RelayApiJson.Default.ApiKeyRequest);
        ApiKeyIssued other = (await made.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!;
        using HttpClient approver = _relay.Relay.CreateClient(other.Text);

        using HttpResponseMessage alone = await SendAsync(_relay.Relay.Admin, id, signed);
        using HttpResponseMessage both = await SendAsync(approver, id, signed);

        Assert.Equal("two-people", await alone.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.True((await both.Content.ReadFromJsonAsync(RelayApiJson.Default.PendingProgress))!.Published);
        VersionStep[] steps =
            [.. (await _relay.Relay.Admin.GetFromJsonAsync($"{Routes.Models}/small/versions/1", RelayApiJson.Default.VersionDetail))!.Steps];
        Assert.Equal(["trained", "proposed", "signed"], steps.Select(step => step.Kind));
        Assert.Equal((pending.ProposedBy, other.Key.Id), (steps[1].Key, steps[2].Key));
        Assert.NotNull(pending.ProposedBy);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string id, string signed) =>
        client.PostAsync($"{Routes.Pending}/{id}/signatures", new StringContent(signed, System.Text.Encoding.UTF8, "application/json"));

    [Fact]
    public async Task Pending_OfASchemaChange_ShowsItToApprovers()
    {
        await _relay.ApproveAsync(await _relay.PublishAsync());
        ModelSpec spec = SmallModel.Spec();
        ModelVersion other = await _relay.Relay.TrainAsync(
            spec with { Columns = [.. spec.Columns.Select(column => column.Name == "size" ? column with { Type = ColumnType.Ignore } : column)] },
                SmallModel.Data);
        string id = await _relay.PublishAsync(other, schemaChange: true);
        await File.WriteAllTextAsync(_relay.Folder.Combine("targets.json"), (await _relay.PendingAsync(id)).Metadata);
        await File.WriteAllTextAsync(_relay.Folder.Combine("pending.json"), await _relay.Relay.Admin.GetStringAsync($"{Routes.Pending}/{id}"));

        string listed = await _relay.RunAsync("pending");
        (_, string signed) = await _relay.SignAsync(_relay.Folder.Combine("targets.json"), "pending.json");
        string approved = await _relay.ApproveAsync(id);

        Assert.All((string[])[listed, signed, approved], shown =>
        {
            Assert.Contains("SCHEMA CHANGE", shown, StringComparison.Ordinal);
            Assert.Contains("input 'size' is missing", shown, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Sign_WithTheSavedPendingAnswer_ShowsTheReleaseAndRefusesALie()
    {
        string id = await _relay.PublishAsync();
        string answer = await _relay.Relay.Admin.GetStringAsync($"{Routes.Pending}/{id}");
        PendingView view = await _relay.PendingAsync(id);
        string metadata = _relay.Folder.Combine("targets.json");
        await File.WriteAllTextAsync(metadata, view.Metadata);
        await File.WriteAllTextAsync(_relay.Folder.Combine("pending.json"), answer);
        await File.WriteAllTextAsync(_relay.Folder.Combine("lie.json"), answer.Replace("small", "smell", StringComparison.Ordinal));

        (int code, string shown) = await _relay.SignAsync(metadata, "pending.json");
        byte[] signed = await File.ReadAllBytesAsync(metadata);
        (int refused, _) = await _relay.SignAsync(metadata, "lie.json");
        (int notAnAnswer, _) = await _relay.SignAsync(metadata, "targets.json");

        Assert.Equal((0, CommandLine.Failed, CommandLine.Failed), (code, refused, notAnAnswer));
        Assert.Contains("release 1: small 1", shown, StringComparison.Ordinal);
        Assert.Equal(signed, await File.ReadAllBytesAsync(metadata));
    }

    [Fact]
    [Trait("Attack", "lying-relay")]
    public async Task Approve_RelayShowsAnotherReleaseThanTheOneToSign_IsRefused()
    {
        PendingView pending = await _relay.PendingAsync(await _relay.PublishAsync());
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
}
