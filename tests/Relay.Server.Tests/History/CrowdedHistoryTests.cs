using System.Text.Json;
using Dapper;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.Fleet.Intervals;
using Relay.Server.History;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.History;

/// <summary>What is answered about the time next to reports that are not kept.</summary>
public sealed class CrowdedHistoryTests : IAsyncLifetime
{
    private const string Node = "n";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly string Long = new('x', 20_000);
    private TestRepository _repository = null!;
    private RelayDatabase _database = null!;
    private DatabaseWriter _writer = null!;
    private NodeStore _store = null!;
    private IntervalStore _intervals = null!;
    private NodeHistory _history = null!;
    private string _identity = "";
    private long _sequence;

    private TestClock Clock => _repository.Clock;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync();
        DataFolder folder = TestDatabases.Open(Path.GetDirectoryName(_repository.RepositoryPath)!);
        _database = RelayDatabase.Create(folder);
        _writer = new DatabaseWriter(_database);
        NodeLimits limits = new(10);
        _store = new NodeStore(_database, _writer, new NodeKeys(_database), limits, Clock);
        _intervals = new IntervalStore(_database, limits, Clock);
        _history = new NodeHistory(
            _intervals, new ReportBeliefs(folder, new RepositoryCache(_repository.Repository, folder), _intervals), Clock);
        Enroll();
    }

    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        _database.Dispose();
        _repository.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Attack", "crowded-history")]
    public async Task Answer_NextReportIsNotKeptAndALaterOneSaysTheSame_IsCrowdedAndNotRan()
    {
        int release = await CrowdAsync();
        StoredInterval kept = _intervals.List(Node, null, 2)[1];
        for (int i = 0; i < 5; i++)
        {
            await ReportAsync(3 - release);
        }

        NodeHistoryAnswer answer = await AskAsync(kept.ToAt + 1);

        Assert.Equal((nameof(NodeHistoryStanding.Crowded), kept.ToAt), (answer.Standing, answer.Before!.SeenAt.ToUnixTimeMilliseconds()));
        Assert.Equal(answer.Before.CheckIn.Release, answer.After!.CheckIn.Release);
    }

    [Fact]
    public async Task Answer_SilenceBeforeAReportThatIsNotKept_EndsWithThatReport()
    {
        int release = await CrowdAsync(silence: TimeSpan.FromHours(1));
        for (int i = 0; i < 5; i++)
        {
            await ReportAsync(release);
        }

        StoredInterval[] found = [.. _intervals.List(Node, null, 2)];
        NodeHistoryAnswer answer = await AskAsync(found[1].ToAt + 60_000);

        Assert.Equal(nameof(NodeHistoryStanding.Gap), answer.Standing);
        Assert.Contains($"and {Instant.FromMilliseconds(found[0].FromAt):u}, of which no report is kept", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_AfterReportsThatAreNotKept_IsNeitherBeforeTheFirstNorRan()
    {
        int release = await CrowdAsync();
        long end = _intervals.List(Node, null, 1)[0].ToAt;
        Clock.Advance(NodeLimits.LongestInterval);
        for (int i = 0; i < 5; i++)
        {
            await ReportAsync(release);
        }

        NodeHistoryAnswer answer = await AskAsync(end + 60_000);

        Assert.Equal((nameof(NodeHistoryStanding.Gap), null), (answer.Standing, answer.Before));
        Assert.Contains($"between {Instant.FromMilliseconds(end):u}, of which no report is kept", answer.Detail, StringComparison.Ordinal);
    }

    /// <summary>Changes until no change is kept any more.</summary>
    /// <param name="silence">Before each report.</param>
    /// <returns>The release of the first report that is not kept.</returns>
    private async Task<int> CrowdAsync(TimeSpan silence = default)
    {
        for (int release = 1; ; release = 3 - release)
        {
            Clock.Advance(silence);
            await ReportAsync(release);
            if (_intervals.List(Node, null, 1)[0].IsCrowded)
            {
                return release;
            }
        }
    }

    private async Task ReportAsync(int release)
    {
        Clock.Advance(Pause);
        CheckIn report =
            Reports.Valid(Node) with { Release = release, Sequence = ++_sequence, Refusals = [new RefusalReport("Other", "x", Long, default)] };
        CheckInSignature signature = new(_identity, JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn), "/target", "input", "text");
        Assert.Equal(CheckInOutcome.Stored, (await _store.StoreAsync(report, signature)).Outcome);
    }

    private async Task<NodeHistoryAnswer> AskAsync(long at) =>
        (await _history.AnswerAsync(Node, Instant.FromMilliseconds(at), TestContext.Current.CancellationToken))!;

    private void Enroll()
    {
        using SigningNode node = new(Node);
        NodePublicKey key = NodePublicKey.Read(node.PublicKey, out _)!;
        _identity = key.Identity;
        _database.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO enrollment_tokens (id, name, hash, created_at, expires_at, uses) VALUES (1, 'test', zeroblob(32), 0, 0, 10);
            INSERT INTO node_keys (node, public_key, identity, enrolled_at, token) VALUES (@Node, @SubjectPublicKeyInfo, @Identity, 0, 1);
            """,
            new { Node, key.SubjectPublicKeyInfo, key.Identity }, transaction));
    }
}
