using Relay.TestKit.Databases;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A server that the tests of one class may kill; none where PostgreSQL is missing.</summary>
public sealed class OwnPostgresServer : IDisposable
{
    internal PostgresServer? Server { get; } = PostgresServer.IsThere ? new PostgresServer() : null;

    public void Dispose() => Server?.Delete();
}
