using Npgsql;

namespace Relay.Server.Storage.Postgres;

/// <summary>The connection string of an operator, with what the relay needs of a session.</summary>
internal static class PostgresSettings
{
    private const int Connections = 40;
    private const int SampleConnections = 20;
    private const int PreparedStatements = 200;

    /// <summary>Longer than a wait for a lock, so that the server ends that and says why.</summary>
    private const int MinimumCommandSeconds = 60;

    private const string Form = "it is of the form 'Host=localhost;Database=relay;Username=relay'";

    // A commit is on the disk when it returns. A writer that waits, and one that its client has left, end as with SQLite.
    private const string SessionOptions =
        "-c synchronous_commit=on -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s -c statement_timeout=0";

    // The way that SQLite takes, by indexes and row after row: no columns of samples have statistics, and none of them is to be sorted as a whole.
    // An export that a slow disk holds up is no session that its client has left.
    private const string SampleOptions =
        "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c enable_sort=off -c max_parallel_workers_per_gather=0 -c jit=off "
        + "-c idle_in_transaction_session_timeout=10min";

    /// <summary>For connections to the samples of datasets.</summary>
    /// <exception cref="RelayStartException">It is no connection string.</exception>
    public static NpgsqlConnectionStringBuilder ReadForSamples(string server)
    {
        NpgsqlConnectionStringBuilder settings = Read(server);
        settings.Options = $"{settings.Options} {SampleOptions}";
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, SampleConnections);
        settings.MinPoolSize = 0;
        return settings;
    }

    /// <exception cref="RelayStartException">It is no connection string.</exception>
    public static NpgsqlConnectionStringBuilder Read(string server)
    {
        NpgsqlConnectionStringBuilder given = Parse(server);
        bool limitsPool = given.ContainsKey("Maximum Pool Size") && given.MaxPoolSize != new NpgsqlConnectionStringBuilder().MaxPoolSize;
        given.Options = given.Options is { Length: > 0 } own ? $"{own} {SessionOptions}" : SessionOptions;
        given.ApplicationName ??= "relay";
        given.Enlist = false;
        given.IncludeErrorDetail = false;
        given.NoResetOnClose = true;
        given.MaxAutoPrepare = PreparedStatements;
        given.AutoPrepareMinUsages = 2;
        given.TcpKeepAlive = true;
        given.CommandTimeout = given.CommandTimeout == 0 ? 0 : Math.Max(given.CommandTimeout, MinimumCommandSeconds);
        given.MaxPoolSize = limitsPool ? given.MaxPoolSize : Connections;
        return given;
    }

    /// <summary>The name of the database and its server, without the password.</summary>
    public static string Describe(string server)
    {
        NpgsqlConnectionStringBuilder given = Parse(server);
        return $"'{given.Database ?? given.Username}' of the PostgreSQL server '{given.Host}'";
    }

    private static NpgsqlConnectionStringBuilder Parse(string server)
    {
        try
        {
            NpgsqlConnectionStringBuilder given = new(server);
            return string.IsNullOrEmpty(given.Host)
                ? throw new RelayStartException($"The connection string names no server: {Form}.")
                : given;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException or NotSupportedException)
        {
            // Without the cause, whose text may contain a password.
            throw new RelayStartException($"The connection string cannot be read: {Form}.");
        }
    }
}
