using Shared.Contracts.Reports;

namespace Shared.Contracts.Api;

/// <summary>The rules of a usage window, for a relay that receives it and for a node that reads it from its disk.</summary>
internal static class UsageRules
{
    private const string CountRule = "0 to 9007199254740992";

    /// <summary>The member that breaks a rule, as a JSON path from the window on, and what it has to be; none for a valid window.</summary>
    public static IEnumerable<(string Path, string Expected)> FindErrors(UsageWindow window)
    {
        if (window.Id is < 1 or > UsageBounds.Count)
        {
            yield return (".id", "milliseconds since 1970, 1 or more");
        }

        if (window.Seconds is < 1 or > UsageBounds.Seconds)
        {
            yield return (".seconds", $"1 to {UsageBounds.Seconds}");
        }

        if (!IsCount(window.Quarantined) || window.Omitted < 0)
        {
            yield return (".quarantined", CountRule);
        }

        if (window.Versions.Count > UsageBounds.Items || window.Refusals?.Count > UsageBounds.Items)
        {
            yield return (".versions", $"at most {UsageBounds.Items} items");
            yield break;
        }

        if (window.Refusals?.Any(refusal => !CheckInBounds.IsWord(refusal.Key) || !IsCount(refusal.Value)) == true)
        {
            yield return (".refusals", $"names of reasons with counts, {CountRule}");
        }

        for (int i = 0; i < window.Versions.Count; i++)
        {
            foreach ((string path, string expected) in FindErrors(window.Versions[i]))
            {
                yield return ($".versions[{i}]{path}", expected);
            }
        }
    }

    private static IEnumerable<(string Path, string Expected)> FindErrors(VersionUsage usage)
    {
        if (!RelayName.IsValid(usage.Model))
        {
            yield return (".model", RelayName.Rule);
        }

        if (usage.Version < 1 || usage.Release < 1)
        {
            yield return (".version", "a version and a release of 1 or more");
        }

        if (!IsCount(usage.Calls) || !IsCount(usage.Rows) || !IsCount(usage.Failures) || !IsCount(usage.CallerFaults)
            || usage.Failures + usage.CallerFaults > usage.Calls)
        {
            yield return (".calls", $"{CountRule}, no fewer than failures and callerFaults together");
        }

        if (usage.Latency?.FitsIn(LatencyHistogram.Buckets) == false)
        {
            yield return (".latency", $"counts in {LatencyHistogram.Buckets} buckets");
        }

        if (usage.Labels?.FitsIn(UsageBounds.Labels) == false)
        {
            yield return (".labels", $"counts of at most {UsageBounds.Labels} labels");
        }

        if (usage.Scores?.FitsIn(ScoreBins.Bins) == false)
        {
            yield return (".scores", $"counts in {ScoreBins.Bins} bins");
        }
    }

    private static bool IsCount(long number) => number is >= 0 and <= UsageBounds.Count;
}
