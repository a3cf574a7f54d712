using System.Net;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Rollouts;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>What goes wrong where evidence is counted keeps no check-in from being stored and answered, and lets nothing pass.</summary>
public sealed class EvidenceFaultTests : IAsyncLifetime
{
    private readonly TestClock _clock = TestClock.Running();
    private SignedRolloutRelay _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await SignedRolloutRelay.StartAsync(_clock);

    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    [Fact]
    [Trait("Attack", "uncounted-evidence")]
    public async Task CheckIn_EvidenceCannotBeCounted_IsStoredAndItsRoundDoesNotPass()
    {
        // Time for a second round, and a margin that 30 nodes can pass in it, too.
        RolloutView started = await _relay.BeginAsync(SignedFleet.Rule with
        {
            Stages = [new(50, 0, 3600), new(100, 0, 3600)],
            Metrics = [SignedFleet.Failures with { PassMargin = 0.08 }],
        });
        SigningNode node = _relay.Candidates[0];
        CheckIn harmed = _relay.Create(node, _relay.Document, failures: 100);

        Execute("ALTER TABLE rollout_nodes RENAME TO lost");
        HttpStatusCode stored = await _relay.ReportAsync(node, harmed);
        Execute("ALTER TABLE lost RENAME TO rollout_nodes");
        HttpStatusCode repeated = await _relay.ReportAsync(node, harmed);
        await _relay.ReportAllAsync(failures: 0);
        RolloutView complete = await _relay.WaitAsync(started.Id, rollout => rollout.Metrics[0].Candidate.Nodes == _relay.Candidates.Length);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (stored, repeated));
        Assert.Contains(await HistoryOfAsync(node), view => view.CheckIn.Sequence == harmed.Sequence);
        Assert.Equal((1, "pass", "not yet", 1), (complete.Uncounted, complete.Metrics[0].Verdict, complete.Verdict, complete.Stage));
        Assert.Single(await _relay.HistoryAsync(started.Id), happened => happened.Kind == RolloutEvents.Uncounted);

        // The next round is a whole one.
        await PassAsync(TimeSpan.FromMinutes(10));
        await _relay.ReportAllAsync(failures: 0);
        RolloutView passed = await _relay.WaitAsync(started.Id, rollout => rollout.Stage == 2);
        Assert.Equal(0, passed.Uncounted);
    }

    [Fact]
    public async Task CheckIn_NoEvidenceCanBeWritten_IsStoredAndNothingPasses()
    {
        RolloutView started = await _relay.BeginAsync();
        Execute(TestSql.Refuse("broken", "rollout_evidence", "broken"));

        await _relay.ReportAllAsync(failures: 0);
        Execute(TestSql.Accept("broken", "rollout_evidence"));
        await _relay.ReportAllAsync(failures: 0);
        RolloutView view = await _relay.WaitAsync(started.Id, rollout => rollout.Metrics[0].Candidate.Nodes == _relay.Candidates.Length);

        Assert.Equal(("not yet", 1), (view.Verdict, view.Stage));
        Assert.True(view.Uncounted > 0);
    }

    [Fact]
    public async Task CheckIn_RepositoryCannotBeRead_IsStoredAndCountsByTheReleasesOfBefore()
    {
        RolloutView started = await _relay.BeginAsync();
        ChannelManifest document = _relay.Document;
        string timestamp = Path.Combine(_relay.Relay.DataFolder, "repository", "metadata", "timestamp.json");
        byte[] content = await File.ReadAllBytesAsync(timestamp);
        await File.WriteAllTextAsync(timestamp, "{");
        try
        {
            foreach (SigningNode node in _relay.Nodes)
            {
                Assert.Equal(HttpStatusCode.NoContent, await _relay.ReportAsync(node, _relay.Create(node, document, failures: 50)));
            }

            RolloutView counted = await _relay.FindAsync(started.Id);
            Assert.Equal((1, "fail", 0), (counted.Stage, counted.Verdict, counted.Uncounted));
        }
        finally
        {
            await File.WriteAllBytesAsync(timestamp, content);
        }

        Assert.Equal("halted", (await _relay.WaitAsync(started.Id, rollout => rollout.FinishedAt is not null)).Status);
    }

    /// <summary>In steps that count wholly, each until the worker has taken it.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        TimeSpan step = TimeSpan.FromMinutes(4);
        for (TimeSpan left = time; left > TimeSpan.Zero; left -= step)
        {
            _clock.Advance(step);
            DateTimeOffset now = _clock.GetUtcNow();
            RolloutStore store = _relay.Relay.Services.GetRequiredService<RolloutStore>();
            await Eventually.TrueAsync(() => store.FindRunning("stable")!.ReadState().At >= now, "the worker has seen the time");
        }
    }

    private async Task<IReadOnlyList<NodeView>> HistoryOfAsync(SigningNode node) =>
        (await _relay.Relay.Admin.GetFromJsonAsync(Routes.CheckInsOf(node.Id), RelayApiJson.Default.PageNodeView))!.Items;

    private void Execute(string sql) => _relay.Relay.Services.GetRequiredService<RelayDatabase>().Write(
        (connection, transaction) => connection.Execute(sql, transaction: transaction));
}
