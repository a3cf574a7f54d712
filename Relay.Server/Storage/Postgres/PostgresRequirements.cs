using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage.Postgres;

/// <summary>What a server and a database must be for a relay.</summary>
internal static class PostgresRequirements
{
    private const int MinimumVersion = 140_000;

    /// <exception cref="RelayStartException">It is too old, or holds texts in another encoding.</exception>
    public static void Check(DbConnection connection)
    {
        if (connection.ExecuteScalar<int>("SELECT CAST(current_setting('server_version_num') AS INTEGER)") < MinimumVersion)
        {
            throw new RelayStartException($"The PostgreSQL server has version {connection.ServerVersion}: the relay needs 14 or later.");
        }

        string encoding = connection.ExecuteScalar<string>("SHOW server_encoding")!;
        if (encoding != "UTF8")
        {
            throw new RelayStartException($"The PostgreSQL database has the encoding {encoding}: create one with the encoding UTF8.");
        }
    }
}
