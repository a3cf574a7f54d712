using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Relay.Server.Storage.Postgres;

namespace Relay.TestKit.Databases;

/// <summary>A PostgreSQL server of this test process: on loopback, in a temporary folder, as an account that is not root. It ends with the process,
/// however that ends, since it is a child of a shell that reads until the process closes its end.</summary>
public sealed class PostgresServer
{
    private const string Template = "relay_template";
    private static readonly Lazy<PostgresServer> OfProcess = new(() => new PostgresServer());
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(programs => File.Exists(Path.Combine(programs, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private readonly string _root = Path.Combine(Path.GetTempPath(), $"relay-postgres-{Guid.NewGuid():N}");
    private readonly int _port = LocalPort.FindFree();
    private readonly Lock _gate = new();
    private Process _guard;
    private long _databases;
    private bool _hasTemplate;

    /// <summary>Starts a server in a new folder.</summary>
    public PostgresServer()
    {
        string user = Environment.UserName == "root" ? "setpriv --reuid=postgres --regid=postgres --clear-groups" : "env";
        Run(
            $"""
            set -e
            mkdir -m 700 {_root}
            [ "$(id -u)" != 0 ] || chown postgres {_root}
            cd {_root}
            {user} {Programs}/initdb -D {_root}/data -U relay -A trust -E UTF8 --locale=C.UTF-8 --no-sync >{_root}.log 2>&1 || (cat {_root}.log; exit 1)
            rm -f {_root}.log
            """);
        _guard = Start();
    }

    /// <summary>Why tests that need PostgreSQL are skipped where it is missing.</summary>
    public const string NotInstalled = "PostgreSQL is not installed: apt-get install postgresql";

    /// <summary>True when it is there.</summary>
    public static bool IsThere => Programs is not null;

    /// <summary>The server that the tests of this process share.</summary>
    public static PostgresServer Shared => OfProcess.Value;

    /// <summary>The connection string of a new database with the tables of a relay and no rows.</summary>
    public string CreateDatabase()
    {
        lock (_gate)
        {
            if (!_hasTemplate)
            {
                Execute($"CREATE DATABASE {Template}");
                PostgresDatabase.Create(ConnectionTo(Template)).Dispose();
                Execute(ConnectionTo(Template), TestSql.Functions);
                _hasTemplate = true;
            }

            string name = $"relay_{++_databases}";
            Execute($"CREATE DATABASE {name} TEMPLATE {Template}");
            using NpgsqlConnection connection = new(ConnectionTo(name) + ";Pooling=false");
            connection.Open();
            using NpgsqlCommand command = new($"UPDATE relay_database SET identity = {_databases}", connection);
            command.ExecuteNonQuery();
            return ConnectionTo(name);
        }
    }

    /// <summary>The same server by its socket, which takes less of a processor than loopback.</summary>
    public string BySocket(string database) => database.Replace("Host=127.0.0.1", $"Host={_root}", StringComparison.Ordinal);

    /// <summary>The connection string of a new database without tables.</summary>
    public string CreateEmptyDatabase()
    {
        string name = $"empty_{Interlocked.Increment(ref _databases)}";
        Execute($"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    /// <summary>True when a file of a database, or one that all of the server share, has the bytes of a text: apart from the log of changes, which
    /// the server keeps for a while.</summary>
    public bool HasBytes(string server, string text) => ReadFiles(server).Any(content => content.Contains(text, StringComparison.Ordinal));

    /// <summary>The contents of these files, a character for each byte.</summary>
    public IEnumerable<string> ReadFiles(string server)
    {
        Execute("CHECKPOINT");
        string data = Path.Combine(_root, "data") + "/";
        string own = $"base/{Find(server, "SELECT oid FROM pg_database WHERE datname = current_database()")}/";
        foreach (string file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            string name = file[data.Length..];
            if (!name.StartsWith("pg_wal/", StringComparison.Ordinal)
                && (!name.StartsWith("base/", StringComparison.Ordinal) || name.StartsWith(own, StringComparison.Ordinal)))
            {
                yield return Encoding.Latin1.GetString(File.ReadAllBytes(file));
            }
        }
    }

    /// <summary>Ends all processes of the server at once, as a crash of its machine does.</summary>
    public void Kill() => Signal("QUIT");

    /// <summary>Starts it again after <see cref="Kill"/>.</summary>
    public void StartAgain() => _guard = Start();

    /// <summary>Ends the server and deletes its folder.</summary>
    public void Delete()
    {
        Signal("QUIT");
        Run($"rm -rf {_root}");
    }

    /// <summary>Runs a statement in the database of the server itself.</summary>
    public void Execute(string sql) => Execute(ConnectionTo("postgres"), sql);

    /// <summary>Runs statements in a database.</summary>
    public void Execute(string server, string sql)
    {
        using NpgsqlConnection connection = new(server + ";Pooling=false;Command Timeout=0");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }

    private static object? Find(string server, string sql)
    {
        using NpgsqlConnection connection = new(server + ";Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        return command.ExecuteScalar();
    }

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=relay;Database={database};Maximum Pool Size=20";

    private Process Start()
    {
        string user = Environment.UserName == "root" ? "setpriv --reuid=postgres --regid=postgres --clear-groups" : "env";
        ProcessStartInfo start = new("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "bash", "-c",
                $"""
                cd {_root}
                {user} {Programs}/postgres -D {_root}/data -c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories={_root} \
                    -c fsync=on -c shared_buffers=64MB -c max_connections=300 -c max_wal_size=256MB >>{_root}/log 2>&1 </dev/null &
                echo $! >{_root}/pid
                for i in $(seq 300); do {Programs}/pg_isready -q -h 127.0.0.1 -p {_port} && break; sleep 0.1; done
                echo ready
                cat >/dev/null
                kill -INT $(cat {_root}/pid) 2>/dev/null
                wait
                rm -rf {_root}
                """,
            },
        };
        Process guard = Process.Start(start)!;
        return guard.StandardOutput.ReadLine() == "ready" ? guard : throw new InvalidOperationException("PostgreSQL did not start.");
    }

    private void Signal(string signal)
    {
        Run(
            $"""
            server=$(cat {_root}/pid)
            kill -{signal} $server
            while [ -e /proc/$server ] && ! grep -q 'State:.Z' /proc/$server/status; do sleep 0.02; done
            """);
        _guard.Kill();
    }

    private static void Run(string script)
    {
        ProcessStartInfo start = new("bash") { RedirectStandardOutput = true, RedirectStandardError = true, ArgumentList = { "-c", script } };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"PostgreSQL cannot be used: {output}");
        }
    }
}
