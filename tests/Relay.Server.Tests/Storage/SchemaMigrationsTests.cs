using Dapper;
using Microsoft.Data.Sqlite;
using Relay.Server.Storage;

namespace Relay.Server.Tests.Storage;

public sealed class SchemaMigrationsTests
{
    [Fact]
    public void Apply_ReportsOfBefore_HaveTheirBytesInTheIndexOfTheHistory()
    {
        using SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        SchemaMigrations.Apply(connection, last: 8);
        connection.Execute(
            """
            INSERT INTO nodes (id, check_in, seen_at) VALUES ('n', '{}', 0);
            INSERT INTO check_ins (node, check_in, seen_at) VALUES ('n', '{"é":1}', 0);
            INSERT INTO check_ins (node, check_in, seen_at, target, signature_input, signature) VALUES ('n', '{}', 0, '/t', 'input', 'text');
            """);

        SchemaMigrations.Apply(connection);

        Assert.Equal([8, 13], connection.Query<long>("SELECT bytes FROM check_ins ORDER BY id"));
        string plan = connection.QueryFirst<(long, long, long, string Detail)>(
            "EXPLAIN QUERY PLAN SELECT id, bytes FROM check_ins WHERE node = 'n' ORDER BY id DESC").Detail;
        Assert.Contains("COVERING INDEX check_ins_by_node", plan, StringComparison.Ordinal);
    }
}
