using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client;

namespace Relay.EndToEnd.Tests;

/// <summary>A relay as it is served without an option, which answers no node that it does not know, and real nodes.</summary>
public sealed partial class EnrollmentToNodeTests : IAsyncLifetime
{
    private const string Name = "end-to-end";
    private readonly TemporaryFolder _folder = new();
    private TestRelay _relay = null!;
    private NodeOfARelay _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string TokenFile => _folder.Combine("enroll-token");

    public async ValueTask InitializeAsync()
    {
        _relay = await TestRelay.StartAsync(options => options with { OpenArtifacts = false, OpenCheckIns = false });
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(cancellationToken: Cancel));
        _node = new NodeOfARelay(_relay, SmallModel.Name);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Refresh_NodeWithAToken_EnrollsOnceRunsTheReleaseAndReportsSigned()
    {
        await WriteTokenAsync(uses: 1);
        using (SyncClient first = Open())
        {
            Assert.True((await first.RefreshAsync(Cancel)).Activated);
            Assert.Empty(first.Status.RecentRefusals);
        }

        File.Delete(TokenFile);
        await _relay.RestartAsync();
        using SyncClient again = Open();
        await again.RestoreAsync(Cancel);
        await _relay.PublishAsync("stable", await _relay.TrainSmallAsync(trees: 7, Cancel));

        Assert.True((await again.RefreshAsync(Cancel)).Activated);
        Assert.Empty(again.Status.RecentRefusals);
        NodeView view = await FindAsync();
        Assert.Equal((2, true), (view.CheckIn.Release, view.Signed == true));
        Page<NodeView> history = (await _relay.Admin.GetFromJsonAsync(Routes.CheckInsOf(Name), RelayApiJson.Default.PageNodeView, Cancel))!;
        Assert.Equal(2, history.Items.Count);
        await AssertProvedAsync(history.Items[0].SeenAt);
    }

    [Fact]
    public async Task Refresh_NodeWithoutAToken_GetsNothingUntilItHasOne()
    {
        using SyncClient node = Open();

        RefreshResult refused = await node.RefreshAsync(Cancel);
        await WriteTokenAsync();
        RefreshResult enrolled = await node.RefreshAsync(Cancel);

        Assert.Equal(RefusalReason.EnrollmentRefused, refused.Refusal?.Reason);
        Assert.True(enrolled.Activated, enrolled.Refusal?.ToString());
        Assert.Empty(node.Status.CurrentRefusals);
        Assert.Equal(nameof(RefusalReason.EnrollmentRefused), Assert.Single((await FindAsync()).CheckIn.Refusals).Reason);
    }

    [Fact]
    public async Task Refresh_OperatorRemovesTheNode_ServesAndEnrollsWithAnotherToken()
    {
        await WriteTokenAsync(uses: 1);
        using SyncClient node = Open();
        await node.RefreshAsync(Cancel);
        await RemoveAsync();

        RefreshResult removed = await node.RefreshAsync(Cancel);
        int served = node.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version;
        await WriteTokenAsync(uses: 1);
        RefreshResult again = await node.RefreshAsync(Cancel);

        Assert.Equal((RefusalReason.EnrollmentRefused, 1), (removed.Refusal?.Reason, served));
        Assert.Null(again.Refusal);
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_OperatorBansTheNode_ServesAndSaysSoUntilTheBanEnds()
    {
        await WriteTokenAsync();
        using SyncClient node = Open();
        await node.RefreshAsync(Cancel);
        await PostAsync(Routes.BanOf(Name));

        RefreshResult banned = await node.RefreshAsync(Cancel);
        RefreshResult still = await node.RefreshAsync(Cancel);
        string current = Assert.Single(node.Status.CurrentRefusals).Reason;
        int served = node.Model(SmallModel.Name).Predict([95, 10], ["tcp"]).Version;
        await PostAsync(Routes.UnbanOf(Name));
        RefreshResult after = await node.RefreshAsync(Cancel);

        Assert.Equal((RefusalReason.NodeBanned, RefusalReason.NodeBanned, nameof(RefusalReason.NodeBanned)),
            (banned.Refusal?.Reason, still.Refusal?.Reason, current));
        Assert.Equal((1, null), (served, after.Refusal));
        Assert.Empty(node.Status.CurrentRefusals);
    }

    [Fact]
    public async Task Refresh_RelayOpenedByName_ServesANodeWithoutATokenAndEnrollsOneWithIt()
    {
        await _relay.RestartAsync(options => options with { OpenArtifacts = true, OpenCheckIns = true });
        using (SyncClient older = _node.Open())
        {
            Assert.True((await older.RefreshAsync(Cancel)).Activated);
            Assert.Empty(older.Status.RecentRefusals);
        }

        bool? before = (await FindAsync()).Signed;
        await WriteTokenAsync();
        using SyncClient node = Open();
        await node.RefreshAsync(Cancel);

        Assert.Equal(false, before);
        Assert.Equal(true, (await FindAsync()).Signed);
        Assert.Empty(node.Status.RecentRefusals);
    }

    [Fact]
    public async Task RelayNode_WithATokenFile_EnrollsAndWithoutOneSaysWhatToDo()
    {
        string[] options =
        [
            "refresh", "--root", _relay.TrustedRoot, "--store", _folder.Combine("by-hand"), "--node", "hand", "--model", SmallModel.Name,
            "--relay", _relay.Address.ToString(), "--ca", _relay.CertificateAuthority,
        ];

        CommandRun without = await NodeCommandTests.NodeAsync(options);
        await WriteTokenAsync();
        CommandRun with = await NodeCommandTests.NodeAsync([.. options, "--enroll-token-file", TokenFile]);
        CommandRun later = await NodeCommandTests.NodeAsync(options);

        Assert.Equal(1, without.ExitCode);
        Assert.Contains("relay enroll-token", without.Errors, StringComparison.Ordinal);
        Assert.True(with.ExitCode == 0, with.Errors);
        Assert.Contains($"{SmallModel.Name} 1", Encoding.UTF8.GetString(with.Output), StringComparison.Ordinal);
        Assert.True(later.ExitCode == 0, later.Errors);
    }

    private SyncClient Open() => _node.Open(o => o.EnrollmentTokenFile = TokenFile);

    /// <summary>The report and the documents that it names prove what the node ran.</summary>
    private async Task AssertProvedAsync(DateTimeOffset at)
    {
        NodeHistoryAnswer answer = (await _relay.Admin.GetFromJsonAsync(
            $"{Routes.HistoryOf(Name)}?at={at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z", RelayApiJson.Default.NodeHistoryAnswer, Cancel))!;
        Assert.Equal((nameof(NodeHistoryStanding.Ran), true), (answer.Standing, answer.Before!.Signed));
        Assert.Equal((nameof(NodeBeliefCause.Channel), true), (answer.Before.Belief!.Cause, answer.Before.Belief.Named));
    }

    private async Task WriteTokenAsync(int uses = 1000) =>
        await File.WriteAllTextAsync(TokenFile, await _relay.CreateEnrollmentTokenAsync(uses) + "\n", Cancel);

    private async Task PostAsync(string path)
    {
        using HttpResponseMessage answer = await _relay.Admin.PostAsync(path, null, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private async Task RemoveAsync()
    {
        using HttpResponseMessage removed = await _relay.Admin.DeleteAsync(Routes.NodeOf(Name), Cancel);
        removed.EnsureSuccessStatusCode();
    }

    private async Task<NodeView> FindAsync() =>
        Assert.Single((await _relay.Admin.GetFromJsonAsync(Routes.Nodes, RelayApiJson.Default.PageNodeView, Cancel))!.Items);
}
