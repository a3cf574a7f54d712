using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Fleet;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>The server of the database, or the relay, dies in the middle of a storm of reports: each that was acknowledged is stored.</summary>
public sealed class PostgresKillTests : IClassFixture<OwnPostgresServer>
{
    private readonly PostgresServer _server;
    private readonly string _database;

    public PostgresKillTests(OwnPostgresServer own)
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = own.Server!;
        _database = _server.CreateDatabase();
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_ServerOfTheDatabase_IsSaidAndTheRelayGoesOnByItself()
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { Server = _database, LogLevel = LogLevel.None });
        ConcurrentBag<string> acknowledged = [];
        int next = 0;
        bool isOver = false;
        Task[] storm = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                string node = $"node-{Interlocked.Increment(ref next)}";
                using HttpResponseMessage answer = await relay.Anonymous.PostAsJsonAsync(
                    Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn);
                if (answer.StatusCode == HttpStatusCode.NoContent)
                {
                    acknowledged.Add(node);
                }
                else if (answer.StatusCode != HttpStatusCode.InternalServerError)
                {
                    // Or the connection was lost during the commit, whose outcome is not known.
                    Assert.Equal("database-unavailable", await answer.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
                }
            }
        }))];
        await Eventually.TrueAsync(() => acknowledged.Count > 20, "reports are stored");

        _server.Kill();
        using HttpResponseMessage refused = await relay.Admin.GetAsync(Routes.Nodes);
        using HttpResponseMessage notReady = await relay.Anonymous.GetAsync("/health/ready");
        Assert.Equal("database-unavailable", await refused.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal("not-ready", await notReady.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));

        _server.StartAgain();
        int before = acknowledged.Count;
        await Eventually.TrueAsync(() => acknowledged.Count > before + 20, "reports are stored again");
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(storm);
        await Eventually.TrueAsync(async () =>
        {
            using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready");
            return ready.IsSuccessStatusCode;
        }, "the relay is ready");
        Assert.Empty(acknowledged.Except(await ListAsync(relay.Admin)));
    }

    [Fact]
    public void Kill_ServerOfTheDatabase_LeavesItToTheRelayThatTakesItsLockFirst()
    {
        using PostgresDatabase first = PostgresDatabase.Create(_database);
        using PostgresDatabase second = PostgresDatabase.Create(_database);
        using IDisposable? before = first.AcquireLock();
        _server.Kill();
        Assert.ThrowsAny<DbException>(first.CheckWritable);
        Assert.ThrowsAny<DbException>(second.CheckWritable);
        _server.StartAgain();
        using (second.AcquireLock())
        {
            second.CheckWritable();
            DbException lost = Assert.ThrowsAny<DbException>(first.CheckWritable);
            Assert.Contains("Another relay works", lost.Message, StringComparison.Ordinal);
        }

        first.CheckWritable();
        Assert.Throws<RelayStartException>(() => second.AcquireLock());
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_Relay_KeepsWhatItAcknowledgedAndStartsAgain()
    {
        await using RelayProcess relay = new("--open-check-ins", "--database", _database);
        await relay.StartAsync();
        using HttpClient client = relay.CreateAdminClient();
        ConcurrentBag<string> acknowledged = [];
        Task[] storm = [.. Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; ; i++)
            {
                string node = $"node-{worker}-{i}";
                using HttpResponseMessage answer = await client.PostAsJsonAsync(
                    Routes.CheckInsOf(node), Reports.Valid(node), RelayApiJson.Default.CheckIn);
                answer.EnsureSuccessStatusCode();
                acknowledged.Add(node);
            }
        }))];
        await Eventually.TrueAsync(() => acknowledged.Count > 50, "reports are stored");

        await relay.KillAsync();
        await Task.WhenAll(storm).ContinueWith(_ => { }, TaskScheduler.Default);
        await relay.StartAsync();

        using HttpClient after = relay.CreateAdminClient();
        Assert.Empty(acknowledged.Except(await ListAsync(after)));
    }

    private static async Task<IReadOnlyList<string>> ListAsync(HttpClient admin)
    {
        List<string> nodes = [];
        string? cursor = null;
        do
        {
            Page<NodeView> page = (await admin.GetFromJsonAsync(
                $"{Routes.Nodes}?limit=200{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", RelayApiJson.Default.PageNodeView))!;
            nodes.AddRange(page.Items.Select(node => node.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        return nodes;
    }
}
