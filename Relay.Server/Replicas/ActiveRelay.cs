using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Replicas;

/// <summary>The relay that works: it has the lock of the database.</summary>
/// <param name="Address">Where the others send what they are asked.</param>
/// <param name="Secret">What they send along, so that it believes them who asked. New each time that a relay begins to work.</param>
internal sealed record ActiveRelay(Uri Address, string Secret)
{
    private const int SecretBytes = 32;

    /// <summary>Writes down that the relay at an address works from now on.</summary>
    public static ActiveRelay Announce(RelayDatabase database, Uri address, TimeProvider timeProvider)
    {
        ActiveRelay active = new(address, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));
        database.Write((connection, transaction) => connection.Execute(
            """
            INSERT INTO active_relay (id, address, secret, since) VALUES (1, @Address, @Secret, @now)
            ON CONFLICT (id) DO UPDATE SET address = excluded.address, secret = excluded.secret, since = excluded.since
            """,
            new { Address = address.AbsoluteUri, active.Secret, now = Instant.Now(timeProvider) }, transaction));
        return active;
    }

    /// <summary>Looks for the relay that began last.</summary>
    /// <param name="server">The connection string of the database.</param>
    /// <returns>Null where none has begun, or where it is of a version that does not say so.</returns>
    /// <exception cref="DbException">The server cannot be asked.</exception>
    public static ActiveRelay? Find(string server)
    {
        using DbConnection connection = PostgresDatabase.Connect(server);
        return connection.ExecuteScalar<bool>("SELECT to_regclass('active_relay') IS NOT NULL")
            && connection.QuerySingleOrDefault<(string Address, string Secret)?>("SELECT address, secret FROM active_relay") is { } row
            ? new(new Uri(row.Address), row.Secret)
            : null;
    }
}
