using System.Data.Common;
using Dapper;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A relay starts with its own database only: of two relays, of a newer one, or of another program, it takes nothing.</summary>
public sealed class PostgresStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PostgresStartTests() => Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_SeveralAtOnceInAnEmptyDatabase_MakeItsTablesOnce()
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();

        RelayDatabase[] started = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresDatabase.Create(server))));

        Assert.Single(started.Select(database => database.EnsureIdentity()).Distinct());
        Array.ForEach(started, database => database.Dispose());
    }

    [Fact]
    public void Create_DatabaseOfANewerRelay_IsRefused()
    {
        string server = PostgresServer.Shared.CreateDatabase();
        Execute(server, "UPDATE relay_database SET schema = 1000");

        RelayStartException refused = Assert.Throws<RelayStartException>(() => PostgresDatabase.Create(server));

        Assert.Contains("schema 1000", refused.Message, StringComparison.Ordinal);
        Assert.Throws<RelayStartException>(() => PostgresDatabase.Inspect(server));
    }

    [Fact]
    public void Create_DatabaseOfAnotherProgram_IsRefusedAndStaysAsItIs()
    {
        string server = PostgresServer.Shared.CreateEmptyDatabase();
        Execute(server, "CREATE TABLE invoices (id BIGINT)");

        Assert.Throws<RelayStartException>(() => PostgresDatabase.Create(server));

        Assert.Equal(1, Read(server, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public void Create_DatabaseOfAnotherEncoding_IsRefused()
    {
        PostgresServer.Shared.Execute("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        string server = PostgresServer.Shared.CreateEmptyDatabase().Split(";Database=")[0] + ";Database=bytes";

        RelayStartException refused = Assert.Throws<RelayStartException>(() => PostgresDatabase.Inspect(server));

        Assert.Contains("UTF8", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a connection string; Password=secret")]
    [InlineData("Hots=localhost;Password=secret")]
    [InlineData("Database=relay;Password=secret")]
    public async Task Serve_ConnectionStringThatCannotBeRead_IsRefusedWithoutItsPassword(string server)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("serve", "--data", Data, "--database", server);

        Assert.NotEqual(0, run.Code);
        Assert.Contains("Host=localhost", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=localhost;Password=open;secret=more")]
    [InlineData("Host=localhost;Port=secret")]
    public void Create_ConnectionStringThatCannotBeRead_IsNotInTheErrorOrItsCauses(string server)
    {
        RelayStartException refused = Assert.Throws<RelayStartException>(() => PostgresDatabase.Create(server));

        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_ServerThatDoesNotAnswer_IsRefusedInOneLine()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("serve", "--data", Data, "--database", "Host=127.0.0.1;Port=9;Database=relay");

        Assert.NotEqual(0, run.Code);
        Assert.Contains("'relay' of the PostgreSQL server '127.0.0.1'", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Open_SecondRelay_IsRefusedWhileTheFirstRunsAndWithAnotherFolder()
    {
        string server = PostgresServer.Shared.CreateDatabase();
        (await OpenAsync(Data, server)).Dispose();
        TemporaryFolder.CopyInto(Data, _folder.Combine("copy"));
        using (await OpenAsync(Data, server))
        {
            RelayStartException running = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(_folder.Combine("other"), server));
            Assert.Contains("data folder", running.Message, StringComparison.Ordinal);
            RelayStartException copied = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(_folder.Combine("copy"), server));
            Assert.Contains("Another relay works", copied.Message, StringComparison.Ordinal);
        }

        RelayStartException stopped = await Assert.ThrowsAsync<RelayStartException>(
            () => OpenAsync(_folder.Combine("other"), server, startAnew: true));
        Assert.Contains("data folder", stopped.Message, StringComparison.Ordinal);
        (await OpenAsync(Data, server)).Dispose();
    }

    [Fact]
    public async Task Open_FolderWithAnotherDatabase_IsRefusedAndNotReplaced()
    {
        (await OpenAsync(Data, PostgresServer.Shared.CreateDatabase())).Dispose();
        string other = PostgresServer.Shared.CreateDatabase();
        (await OpenAsync(_folder.Combine("other"), other)).Dispose();

        RelayStartException refused = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, other));
        RelayStartException anew = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, other, startAnew: true));
        RelayStartException empty = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, PostgresServer.Shared.CreateDatabase()));

        Assert.Contains("that of another relay", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot begin anew in a PostgreSQL database", anew.Message, StringComparison.Ordinal);
        Assert.Contains("it is empty", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FolderWhoseRowsAreInTheOtherEngine_IsRefusedWithTheWay()
    {
        (await OpenAsync(Data, PostgresServer.Shared.CreateDatabase())).Dispose();
        (await OpenAsync(_folder.Combine("sqlite"), null)).Dispose();

        RelayStartException noServer = await Assert.ThrowsAsync<RelayStartException>(() => OpenAsync(Data, null, startAnew: true));
        RelayStartException server = await Assert.ThrowsAsync<RelayStartException>(
            () => OpenAsync(_folder.Combine("sqlite"), PostgresServer.Shared.CreateDatabase()));
        RelayCommandRun collected = await RelayCommandRun.RunAsync("gc", "--data", Data);
        RelayCommandRun approver = await RelayCommandRun.RunAsync("approver-key", "--data", Data);

        Assert.Contains("--database", noServer.Message, StringComparison.Ordinal);
        Assert.Contains("relay restore", server.Message, StringComparison.Ordinal);
        Assert.All([collected, approver], run => Assert.Contains("are in PostgreSQL", run.Error, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(Data, DataFolder.DatabaseName)));
    }

    [Fact]
    public async Task Commands_OnTheMachine_WorkWithTheDatabaseOfAFileAndEnterNoPassword()
    {
        string server = PostgresServer.Shared.CreateDatabase();
        (await OpenAsync(Data, server)).Dispose();
        string file = _folder.Combine("connection");
        await File.WriteAllTextAsync(file, server + ";Password=secret\n", TestContext.Current.CancellationToken);

        RelayCommandRun both = await RelayCommandRun.RunAsync("gc", "--data", Data, "--database-file", file, "--database", server);
        RelayCommandRun[] runs =
        [
            await RelayCommandRun.RunAsync("approver-key", "--data", Data, "--database", server + ";Password=secret"),
            await RelayCommandRun.RunAsync("gc", "--data", Data, "--database-file", file),
            await RelayCommandRun.RunAsync("keys", "rotate", "timestamp", "--data", Data, "--database-file", file),
            await RelayCommandRun.RunAsync("doctor", "--data", Data, "--database-file", file),
        ];

        Assert.NotEqual(0, both.Code);
        Assert.All(runs, run => Assert.Equal((0, ""), (run.Code, run.Error)));
        using RelayDatabase database = PostgresDatabase.Create(server);
        using DbConnection connection = database.Open();
        string[] lines = [.. connection.Query<string>("SELECT line FROM audit_log WHERE kind = 'command'")];
        Assert.Equal(3, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    private static Task<RelayFolder> OpenAsync(string folder, string? server, bool startAnew = false) => RelayFolder.OpenAsync(
        new RelayOptions { DataFolder = folder, Server = server, StartAnew = startAnew, ShowAdminKey = _ => { }, ShowNotice = _ => { } },
        TestContext.Current.CancellationToken);

    private static void Execute(string server, string sql)
    {
        using DbConnection connection = PostgresDatabase.Connect(server);
        connection.Execute(sql);
    }

    private static long Read(string server, string sql)
    {
        using DbConnection connection = PostgresDatabase.Connect(server);
        return connection.ExecuteScalar<long>(sql);
    }
}
