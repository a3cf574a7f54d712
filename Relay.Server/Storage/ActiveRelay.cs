using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>The relay that works: it has the lock of the database.</summary>
/// <param name="Address">Where the others send what they are asked.</param>
/// <param name="Secret">What they send along, so that it believes them who asked. New each time that a relay begins to work.</param>
internal sealed record ActiveRelay(Uri Address, string Secret)
{
    public const string Table = "active_relay";
    private const int SecretBytes = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

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

    /// <summary>A relay that is alone has no others that ask for it.</summary>
    public static void Withdraw(RelayDatabase database) =>
        database.Write((connection, transaction) => connection.Execute("DELETE FROM active_relay", transaction: transaction));

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

    /// <summary>Waits until a relay works with the database.</summary>
    /// <param name="output">Is told once.</param>
    /// <param name="other">Ends the wait as well; null: nothing does.</param>
    /// <returns>The relay that works; null when the other came first.</returns>
    /// <exception cref="RelayStartException">The server cannot be asked.</exception>
    public static async Task<ActiveRelay?> WaitAsync(string server, TextWriter output, Task? other, CancellationToken cancellationToken)
    {
        for (bool isTold = false; ; isTold = true)
        {
            Task pause = Task.Delay(Pause, cancellationToken);
            await Task.WhenAny(pause, other ?? pause);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (other is { IsCompleted: true })
                {
                    await other;
                    return null;
                }

                if (Find(server) is { } active)
                {
                    return active;
                }
            }
            catch (DbException e)
            {
                throw new RelayStartException($"The relay cannot use the database {PostgresSettings.Describe(server)}: {e.Message}", e);
            }

            if (!isTold)
            {
                await output.WriteLineAsync("Waiting for a relay that works with the database");
            }
        }
    }
}
