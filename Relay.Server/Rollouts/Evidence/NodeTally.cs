namespace Relay.Server.Rollouts.Evidence;

/// <summary>One more node of an arm in a bin of a metric.</summary>
internal sealed record CountedValue(string Metric, int Bin);

/// <summary>A tally with what is to be added to the counts of its arm.</summary>
internal sealed record TallyStep(NodeTally Tally, IReadOnlyList<CountedValue> Counted);

/// <summary>
/// What a relay keeps of one node of a rollout, so that the node counts once for each round and metric: its sums in the round until they are enough
/// for a value. A value that is counted stays, so that the arms' counts only grow; a verdict that many looks share would not hold otherwise.
/// </summary>
/// <param name="Round">The round of the sums.</param>
/// <param name="LastWindow">The start of the newest usage window that was taken, in Unix milliseconds of the node's clock.</param>
/// <param name="Open">Sums by metric that are not counted yet.</param>
/// <param name="Counted">The metrics whose value is counted in this round.</param>
internal sealed record NodeTally(int Round, long LastWindow, IReadOnlyDictionary<string, ShareCount> Open, IReadOnlyList<string> Counted)
{
    public static readonly NodeTally Empty = new(0, long.MinValue, new Dictionary<string, ShareCount>(), []);

    /// <summary>Takes a usage window of the node. One that was taken before, or is older than one that was, changes nothing.</summary>
    /// <param name="round">The round in which the report arrived.</param>
    /// <param name="window">The start of the window, which is its id.</param>
    public TallyStep Add(EvidenceRule rule, string salt, string nodeId, int round, long window, IReadOnlyDictionary<string, ShareCount> shares)
    {
        if (window <= LastWindow || round < Round)
        {
            return new(this, []);
        }

        Dictionary<string, ShareCount> open = round == Round ? new(Open) : [];
        List<string> names = round == Round ? [.. Counted] : [];
        List<CountedValue> counted = [];
        foreach (MetricRule metric in rule.Metrics.Where(metric => !names.Contains(metric.Name)))
        {
            if (!shares.TryGetValue(metric.Name, out ShareCount share) || share.Whole <= 0 || share.Part < 0)
            {
                continue;
            }

            ShareCount sum = open.GetValueOrDefault(metric.Name) + share;
            if (sum.Whole < metric.MinWhole)
            {
                open[metric.Name] = sum;
                continue;
            }

            open.Remove(metric.Name);
            names.Add(metric.Name);
            counted.Add(new(metric.Name, sum.ToBin(metric.Cap, ShareCount.Draw(salt, round, metric.Name, nodeId))));
        }

        return new(new(round, window, open, names), counted);
    }
}
