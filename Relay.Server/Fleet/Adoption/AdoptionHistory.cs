using System.Data.Common;
using Relay.Server.Fleet.Usage;
using Relay.Server.Storage;
using Shared.Contracts.Api;

namespace Relay.Server.Fleet.Adoption;

/// <summary>The history of nodes by release: counts of the fleet are copied into it, and no report is read. All of it is rows, so that a relay that
/// starts again goes on.</summary>
internal sealed class AdoptionHistory(RelayDatabase database, TimeProvider timeProvider)
{
    /// <summary>Adds the counts of now where they have changed.</summary>
    public void Sample()
    {
        long interval = (long)AdoptionRetention.Interval.TotalMilliseconds;
        long at = Instant.Now(timeProvider) / interval * interval;
        IReadOnlyList<(string Channel, string Releases)> changes = FindChanges();
        if (changes.Count > 0)
        {
            database.Write((connection, transaction) =>
            {
                new AdoptionTable(connection, transaction).Write(changes, at);
                return true;
            });
        }
    }

    /// <summary>Thins out what is older, each channel in a transaction of its own.</summary>
    public void Thin()
    {
        foreach (string channel in ListChannels())
        {
            database.Write((connection, transaction) => new AdoptionTable(connection, transaction).Thin(channel, Instant.Now(timeProvider)));
        }
    }

    /// <param name="channel">Null: all nodes.</param>
    public FleetAdoption Read(string? channel, DateTimeOffset from, DateTimeOffset to)
    {
        using DbConnection connection = database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        AdoptionTable table = new(connection, transaction);
        string rows = channel ?? AdoptionTable.AllChannels;
        long start = from.ToUnixTimeMilliseconds();
        long end = to.ToUnixTimeMilliseconds();

        // The last row of each part, of which there is one for each point but the first.
        long part = Math.Max(1, (end - start) / (FleetAdoption.MaximumPoints - 1) + 1);
        (long At, string Releases)[] points =
        [
            .. table.Read(rows, start, end)
                .GroupBy(row => row.At <= start ? -1 : (row.At - start - 1) / part)
                .Select(group => group.Last())
                .Select(row => (Math.Max(row.At, start), row.Releases)),
        ];
        return new FleetAdoption
        {
            Channel = channel,
            From = Instant.FromMilliseconds(start),
            To = Instant.FromMilliseconds(end),
            KeptSince = Instant.FromMilliseconds(table.FindFirst(rows)),
            Points = [.. points.Select(point => new FleetAdoptionPoint(Instant.FromMilliseconds(point.At), AdoptionTable.Parse(point.Releases)))],
        };
    }

    private IReadOnlyList<(string Channel, string Releases)> FindChanges()
    {
        using DbConnection connection = database.Open();
        using DbTransaction transaction = RelayDatabase.BeginRead(connection);
        return new AdoptionTable(connection, transaction).FindChanges(new FleetCounts(connection, transaction).ReadNodes());
    }

    private IReadOnlyList<string> ListChannels()
    {
        using DbConnection connection = database.Open();
        return new AdoptionTable(connection, null).ListChannels();
    }
}
