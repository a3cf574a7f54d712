using System.Data.Common;
using Dapper;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>Statements whose results no one reads.</summary>
internal static class DeferredWrites
{
    /// <summary>Runs a statement at once, or, on PostgreSQL, with the next one of the transaction: that saves a way to the server and back. Its error
    /// is that of the next statement, or of the commit.</summary>
    /// <param name="sql">One statement, which returns no rows.</param>
    public static void Defer(this DbConnection connection, string sql, object parameters, DbTransaction transaction)
    {
        if (connection is not PostgresConnection postgres)
        {
            connection.Execute(sql, parameters, transaction);
            return;
        }

        postgres.IsDeferring = true;
        try
        {
            connection.Execute(sql, parameters, transaction);
        }
        finally
        {
            postgres.IsDeferring = false;
        }
    }
}
