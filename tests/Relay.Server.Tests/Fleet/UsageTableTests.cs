using System.Data.Common;
using Dapper;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Fleet;

public sealed class UsageTableTests : IDisposable
{
    private const long Hour = 60 * 60 * 1000;
    private const long Now = 500_000 * Hour;
    private readonly TemporaryFolder _folder = new();
    private readonly RelayDatabase _database;

    public UsageTableTests()
    {
        _database = RelayDatabase.Create(TestDatabases.Open(_folder.FullPath));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, -3)]
    [InlineData(-25, -25)]
    [InlineData(-26, 0)]
    [InlineData(-100_000, 0)]
    [InlineData(5, 0)]
    public void Add_Window_CountsInTheHourOfItsStartIfANodeMayHaveKeptItForSoLong(int hoursFromNow, int countedIn)
    {
        Add(Now, Window(Now + (hoursFromNow * Hour)));

        Assert.Equal([500_000 + countedIn], Hours());
    }

    [Fact]
    public void Add_AfterThirtyDays_OldHoursAreGone()
    {
        Add(Now, Window(Now));

        Add(Now + (29 * 24 * Hour), Window(Now + (29 * 24 * Hour)));
        Assert.Equal(2, Hours().Length);
        Add(Now + (30 * 24 * Hour), Window(Now + (30 * 24 * Hour)));

        Assert.Equal([500_000 + (29 * 24), 500_000 + (30 * 24)], Hours());
    }

    [Fact]
    public void Add_MoreRowsThanAnHourHas_CountsThoseThatAreThere()
    {
        UsageWindow window = Window(Now);
        for (int i = 0; i < 3; i++)
        {
            Add(Now, window with
            {
                Id = Now + i,
                Versions = [.. Enumerable.Range(1, 250).Select(v => window.Versions[0] with { Release = i + 1, Version = v })],
            });
        }

        Add(Now, window with { Id = Now + 9, Versions = [window.Versions[0] with { Version = 1 }, window.Versions[0] with { Release = 99 }] });

        using DbConnection connection = _database.Open();
        Assert.Equal(UsageTable.RowsPerHour, connection.ExecuteScalar<int>("SELECT count(*) FROM usage_hours"));
        Assert.Equal(20, connection.ExecuteScalar<int>("SELECT calls FROM usage_hours WHERE release = 1 AND version = 1"));
    }

    [Fact]
    public void Add_SumsBeyondTheBound_StayAtIt()
    {
        UsageWindow window = Window(Now);
        VersionUsage huge =
            window.Versions[0] with { Calls = UsageBounds.Count, Rows = UsageBounds.Count, Scores = new BinCounts(3, [UsageBounds.Count]) };
        for (int i = 0; i < 3; i++)
        {
            Add(Now, window with { Id = Now + i, Versions = [huge] });
        }

        using DbConnection connection = _database.Open();
        (long calls, byte[] stored) = connection.QuerySingle<(long, byte[])>("SELECT calls, bins FROM usage_hours");
        UsageBins bins = new();
        bins.Add(stored);
        Assert.Equal((UsageBounds.Count, UsageBounds.Count), (calls, bins.Scores[3]));
    }

    private static UsageWindow Window(long id) => new()
    {
        Id = id,
        Seconds = 300,
        Versions = [new VersionUsage { Release = 1, Model = "small", Version = 1, Calls = 10, Rows = 10, Scores = new BinCounts(0, [10]) }],
    };

    private void Add(long now, UsageWindow window) => _database.Write((connection, transaction) =>
    {
        new UsageTable(transaction, now)
            .Add(new FleetEntry("", Cohort.None, [window], new Dictionary<string, long>()), last: long.MinValue);
        return true;
    });

    private long[] Hours()
    {
        using DbConnection connection = _database.Open();
        return [.. connection.Query<long>("SELECT hour FROM usage_hours ORDER BY hour")];
    }
}
