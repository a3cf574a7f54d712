using System.Data.Common;
using Relay.Server.Storage;
using Shared.Contracts.Reports;

namespace Relay.Server.Fleet.Usage;

/// <summary>The hourly sums of usage, inside one transaction, which writes them before its commit. They are bounded by time, by rows of an
/// hour, and by what the relay has released.</summary>
internal sealed class UsageTable(DbTransaction transaction, long now)
{
    /// <summary>Hours that are kept: 30 days.</summary>
    public const int KeptHours = 30 * 24;

    /// <summary>Rows of one hour: versions in releases, by cohort. Beyond that an hour counts no further ones.</summary>
    public const int RowsPerHour = 512;

    private const long Hour = 60 * 60 * 1000;
    private const long Day = 24 * Hour;

    // A day of windows that a node kept while its relay was away, and the hour that is under way.
    private const long LatestBack = 25 * Hour;

    /// <summary>The hour of an instant, counted from 1970.</summary>
    public static long HourOf(long milliseconds) => Math.DivRem(milliseconds, Hour).Quotient;

    /// <summary>Counts the windows of a report that are new: their ids are above the last one of the
    /// node, and not those of a clock far ahead.</summary>
    /// <param name="last">The last window of the node that was counted.</param>
    /// <returns>The last one now.</returns>
    public long Add(FleetEntry entry, long last)
    {
        UsageBatch batch = SharedWork.Find<UsageBatch>(transaction);
        if (entry.Refusals.Count > 0)
        {
            batch.AddRefusals(HourOf(now), entry.Cohort, entry.Refusals, now);
        }

        foreach (UsageWindow window in entry.Windows.Where(w => w.Id <= now + Day))
        {
            if (window.Id > last)
            {
                last = window.Id;

                // The node's clock decides only among the hours in which a node may keep a window; one that is wrong counts now.
                long hour = HourOf(window.Id >= now - LatestBack && window.Id <= now ? window.Id : now);
                batch.Add(hour, entry.Cohort, window, now);
                if (window.Refusals is { Count: > 0 } refusals)
                {
                    batch.AddRefusals(hour, entry.Cohort, refusals, now);
                }
            }
        }

        return last;
    }
}
