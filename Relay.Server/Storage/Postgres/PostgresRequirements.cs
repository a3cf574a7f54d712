using System.Data.Common;
using Dapper;

namespace Relay.Server.Storage.Postgres;

/// <summary>What a server and a database must be for a relay.</summary>
internal static class PostgresRequirements
{
    private const int MinimumVersion = 140_000;

    /// <exception cref="RelayStartException">It is too old, holds texts in another encoding, or gives the relay no schemas.</exception>
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

        if (!connection.ExecuteScalar<bool>("SELECT has_database_privilege(current_database(), 'CREATE')"))
        {
            (string database, string role) = connection.QuerySingle<(string, string)>("SELECT current_database(), current_user");
            throw new RelayStartException(
                "The relay may not create schemas in its PostgreSQL database, which it does for each dataset: GRANT CREATE ON DATABASE "
                + $"\"{database}\" TO \"{role}\".");
        }
    }
}
