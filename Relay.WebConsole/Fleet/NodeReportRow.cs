using System.Globalization;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>Reports in a row that say the same.</summary>
/// <param name="Report">The newest of them.</param>
/// <param name="Since">When the oldest of them came.</param>
/// <param name="Text">What is new in them, in a sentence.</param>
internal sealed record NodeReportRow(NodeView Report, DateTimeOffset Since, int Count, string Text)
{
    /// <param name="reports">The newest first.</param>
    public static IReadOnlyList<NodeReportRow> Read(IReadOnlyList<NodeView> reports)
    {
        List<NodeReportRow> rows = [];
        for (int i = 0; i < reports.Count; i++)
        {
            NodeView? before = i + 1 < reports.Count ? reports[i + 1] : null;
            string text = Describe(reports[i].CheckIn, before?.CheckIn);
            if (rows.Count > 0 && rows[^1].Text == text && reports[i].CheckIn.Refusals.Count == 0 && rows[^1].Report.CheckIn.Refusals.Count == 0)
            {
                rows[^1] = rows[^1] with { Since = reports[i].SeenAt, Count = rows[^1].Count + 1 };
            }
            else
            {
                rows.Add(new(reports[i], reports[i].SeenAt, 1, text));
            }
        }

        return rows;
    }

    private static string Describe(CheckIn report, CheckIn? before)
    {
        string runs = report.Release == 0 ? "no release" : string.Create(CultureInfo.InvariantCulture, $"release {report.Release}");
        List<string> changes = [];
        if (before is not null && before.Release != report.Release)
        {
            changes.Add(before.Release == 0
                ? $"Swapped to {runs}."
                : string.Create(CultureInfo.InvariantCulture, $"Swapped from release {before.Release} to {runs}."));
        }

        if (before is not null && before.Channel != report.Channel)
        {
            changes.Add($"Moved from channel {before.Channel} to {report.Channel}.");
        }

        if (report.Stale && before is not { Stale: true })
        {
            changes.Add("Its metadata expired.");
        }

        if (report.Quarantine.Count > (before?.Quarantine.Count ?? 0))
        {
            changes.Add("An artifact went into quarantine.");
        }

        if (report.Refusals.Count > 0)
        {
            changes.Add("Refused:");
        }

        return changes.Count > 0 ? string.Join(' ', changes) : $"Reported {runs}.";
    }
}
