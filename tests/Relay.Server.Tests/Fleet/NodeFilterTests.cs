using System.Data.Common;
using Dapper;
using Relay.Server.Fleet;
using Relay.Server.Fleet.Identity;
using Relay.Server.Http;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Nodes;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

/// <summary>Lists of nodes with filters, which columns answer, are those that their definition on the reports gives.</summary>
public sealed class NodeFilterTests : IDisposable
{
    private const int Names = 24;
    private const int Steps = 120;
    private const int Questions = 150;

    private static readonly string[] Channels = ["stable", "beta", "edge"];
    private static readonly string[] Models = ["small", "smaller", "large"];

    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;
    private readonly DatabaseWriter _writer;
    private readonly TestClock _clock = new();
    private readonly NodeStore _store;
    private readonly Dictionary<string, (CheckIn Report, DateTimeOffset SeenAt)> _reports = new(StringComparer.Ordinal);
    private readonly HashSet<string> _banned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CheckInSignature> _signatures = new(StringComparer.Ordinal);
    private long _sequence;

    public NodeFilterTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
        _writer = new DatabaseWriter(_database);
        _store = new NodeStore(_database, _writer, new NodeKeys(_database), new NodeLimits(Names * 2), _clock);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task List_RandomFleetAndFilter_IsWhatTheReportsSay(int seed)
    {
        Random random = new(seed);
        await ChangeAsync(random);
        int found = 0;
        for (int question = 0; question < Questions; question++)
        {
            NodeFilter filter = CreateFilter(random);
            string[] expected =
                [.. _reports.Where(node => Fits(filter, node.Key, node.Value.Report, node.Value.SeenAt)).Select(node => node.Key)
                    .Order(StringComparer.Ordinal)];

            Assert.Equal((filter, string.Join(' ', expected)), (filter, string.Join(' ', ReadPages(filter, random.Next(1, 8)))));
            found += expected.Length;
        }

        Assert.True(found > Questions / 2, "Filters that match nothing prove little.");
    }

    [Fact]
    public void List_AnyFilter_ReadsNoReport()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        using DbConnection connection = _database.Open();
        Random random = new(3);
        for (int question = 0; question < Questions; question++)
        {
            // The rows of the few nodes that are banned are looked up one by one.
            NodeFilter filter = CreateFilter(random) with { Banned = random.Next(2) == 0 ? false : null };
            ListConditions conditions = filter.AddTo(new ListConditions().Add("id > @", "n"));
            string[] plan = [.. connection
                .Query<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN SELECT id FROM nodes {conditions} ORDER BY id", conditions.Parameters)
                .Select(row => row.Detail)];

            Assert.All(plan.Where(step => step.Contains(" nodes ", StringComparison.Ordinal)), step => Assert.Contains("COVERING INDEX", step));
            Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    private async Task ChangeAsync(Random random)
    {
        for (int step = 0; step < Steps; step++)
        {
            _clock.Advance(TimeSpan.FromSeconds(random.Next(1, 120)));
            string node = $"n{random.Next(Names)}";
            switch (random.Next(8))
            {
                case 0:
                    await _store.RemoveAsync(node);
                    _reports.Remove(node);
                    _signatures.Remove(node);
                    _banned.Remove(node);
                    break;
                case 1 when !_banned.Contains(node):
                    _signatures[node] = _signatures.GetValueOrDefault(node) ?? await EnrollAsync(node);
                    await _store.BanAsync(node, isBanned: true);
                    _banned.Add(node);
                    break;
                case 2:
                    await _store.BanAsync(node, isBanned: false);
                    _banned.Remove(node);
                    break;
                default:
                    CheckIn report = CreateReport(random, node) with { Sequence = ++_sequence };
                    if ((await _store.StoreAsync(report, _signatures.GetValueOrDefault(node))).Outcome == CheckInOutcome.Stored)
                    {
                        _reports[node] = (report, _clock.GetUtcNow());
                    }

                    break;
            }
        }
    }

    private List<string> ReadPages(NodeFilter filter, int limit)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            Page<NodeView> page = Paging.ToPage(_store.List(filter, cursor, limit + 1), limit, node => node.Id);
            Assert.All(page.Items, node => Assert.Equal(_banned.Contains(node.Id), node.BannedAt is not null));
            Assert.True(page.Next is null || page.Items.Count == limit);
            ids.AddRange(page.Items.Select(node => node.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        return ids;
    }

    /// <summary>What a filter means.</summary>
    private bool Fits(NodeFilter filter, string id, CheckIn report, DateTimeOffset seenAt) =>
        (filter.Prefix is null || id.StartsWith(filter.Prefix, StringComparison.Ordinal))
        && (filter.Channel is null || report.Channel == filter.Channel)
        && (filter.Release is null || report.Release == filter.Release)
        && (filter.Stale is null || report.Stale == filter.Stale)
        && (filter.Quarantined is null || report.Quarantine.Count > 0 == filter.Quarantined)
        && (filter.Refusing is null || report.Refusals.Count > 0 == filter.Refusing)
        && (filter.Banned is null || _banned.Contains(id) == filter.Banned)
        && (filter.SeenSince is null || seenAt >= filter.SeenSince)
        && (filter.NotSeenSince is null || seenAt < filter.NotSeenSince)
        && (filter.Model is null
            || report.Models.Any(model => model.Name == filter.Model && (filter.Version is null || model.Version == filter.Version)));

    private NodeFilter CreateFilter(Random random)
    {
        string? model = random.Next(3) == 0 ? random.GetItems(Models, 1)[0] : null;
        return new NodeFilter
        {
            Prefix = random.Next(5) == 0 ? random.GetItems(["n1", "n"], 1)[0] : null,
            Channel = random.Next(4) == 0 ? random.GetItems(Channels, 1)[0] : null,
            Release = random.Next(6) == 0 ? random.Next(4) : null,
            Model = model,
            Version = model is not null && random.Next(2) == 0 ? random.Next(1, 4) : null,
            Stale = random.Next(5) == 0 ? random.Next(2) == 0 : null,
            Quarantined = random.Next(6) == 0 ? random.Next(2) == 0 : null,
            Refusing = random.Next(6) == 0 ? random.Next(2) == 0 : null,
            Banned = random.Next(5) == 0 ? random.Next(3) == 0 : null,
            SeenSince = random.Next(8) == 0 ? _clock.GetUtcNow().AddSeconds(-random.Next(7200)) : null,
            NotSeenSince = random.Next(8) == 0 ? _clock.GetUtcNow().AddSeconds(-random.Next(7200)) : null,
        };
    }

    private static CheckIn CreateReport(Random random, string node) => Reports.Valid(node) with
    {
        Channel = random.GetItems(Channels, 1)[0],
        Release = random.Next(4),
        Stale = random.Next(3) == 0,
        Refusals = random.Next(2) == 0 ? [] : Reports.Valid(node).Refusals,
        Quarantine = random.Next(2) == 0 ? [] : Reports.Valid(node).Quarantine,
        Models = [.. Enumerable.Range(0, random.Next(4)).Select(_ =>
            new ActiveModel(random.GetItems(Models, 1)[0], random.Next(1, 4), Reports.Sha256, "managed", 1, 1))],
    };

    private Task<CheckInSignature> EnrollAsync(string node) => EnrolledNode.CreateAsync(node, _database, _writer, _store.Limits, _clock);
}
