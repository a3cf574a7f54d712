namespace Relay.Server.Datasets.Reading;

/// <summary>What the labels of a sample amount to.</summary>
/// <param name="Label">Null where there is none, and where no label has the most votes.</param>
/// <param name="IsContradicted">There are labels, and no decision.</param>
/// <param name="IsTrusted">The holder of an API key gave the label, and not a node.</param>
internal readonly record struct LabelVerdict(string? Label, bool IsContradicted = false, bool IsTrusted = false)
{
    /// <summary>Decides between the labels of a sample. Each source has one vote, its last label. Those of API keys decide where there are some; a
    /// node has a vote on its own samples alone.</summary>
    /// <param name="votes">Source and label, the oldest first.</param>
    public static LabelVerdict Decide(long owner, IReadOnlyList<(long Source, string Label)> votes, Func<long, bool> isNode)
    {
        if (votes.Count == 0)
        {
            return default;
        }

        Dictionary<long, string> last = [];
        foreach ((long source, string label) in votes)
        {
            last[source] = label;
        }

        string[] trusted = [.. last.Where(vote => !isNode(vote.Key)).Select(vote => vote.Value)];
        if (trusted.Length == 0)
        {
            return new(last.GetValueOrDefault(owner));
        }

        KeyValuePair<string, int>[] counts = [.. trusted.CountBy(label => label).OrderByDescending(count => count.Value).Take(2)];
        return counts.Length > 1 && counts[0].Value == counts[1].Value
            ? new(null, IsContradicted: true)
            : new(counts[0].Key, IsTrusted: true);
    }
}
