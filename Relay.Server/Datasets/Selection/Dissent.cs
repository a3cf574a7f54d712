namespace Relay.Server.Datasets.Selection;

/// <summary>
/// Finds samples of nodes that the others contradict. Samples of the same content are compared: each source votes once, by the label that it gave
/// most often. A holder of a key who labeled the content is right; else a node is outvoted where at least <see cref="MinimumOthers"/> others have a
/// vote and four of five of them agree on another label. Noise that is in the data itself is in the votes of all alike, and outvotes none.
/// </summary>
internal sealed class Dissent
{
    public const int MinimumOthers = 3;

    /// <summary>Contents that a node has in common with others, before it can be left out as a whole.</summary>
    public const int MinimumContents = 20;

    private const double Agreement = 0.8;
    private const double DissentShare = 0.5;

    private readonly Dictionary<int, (int Compared, int Outvoted)> _nodes = [];
    private readonly HashSet<(ulong Content, int Source)> _outvoted = [];

    private Dissent()
    {
    }

    /// <summary>The sources of which nothing is taken: they are outvoted on most of what they have in common with others.</summary>
    public IReadOnlySet<int> Sources => _nodes
        .Where(node => node.Value.Compared >= MinimumContents && node.Value.Outvoted > DissentShare * node.Value.Compared)
        .Select(node => node.Key).ToHashSet();

    /// <param name="rows">Are sorted by content.</param>
    public static Dissent Find(List<CandidateRow> rows, Func<int, bool> isNode)
    {
        rows.Sort((a, b) => (a.Content, a.Position).CompareTo((b.Content, b.Position)));
        Dissent found = new();
        for (int start = 0; start < rows.Count;)
        {
            int end = start + 1;
            while (end < rows.Count && rows[end].Content == rows[start].Content)
            {
                end++;
            }

            found.Compare(rows, start, end, isNode);
            start = end;
        }

        return found;
    }

    public bool IsOutvoted(CandidateRow row) => !row.IsTrusted && _outvoted.Contains((row.Content, row.Source));

    private void Compare(List<CandidateRow> rows, int start, int end, Func<int, bool> isNode)
    {
        if (rows[start].Source == rows[end - 1].Source && rows[start..end].All(row => row.Source == rows[start].Source))
        {
            return;
        }

        List<CandidateRow> group = rows[start..end];
        int? trusted = Majority(group.Where(row => row.IsTrusted));
        Dictionary<int, int> votes = group.Where(row => !row.IsTrusted && isNode(row.Source)).GroupBy(row => row.Source)
            .ToDictionary(source => source.Key, source => Majority(source)!.Value);
        Dictionary<int, int> counts = votes.Values.CountBy(label => label).ToDictionary();
        foreach ((int source, int label) in votes)
        {
            int others = votes.Count - 1;
            (int Label, int Votes) first = counts.Select(count => (count.Key, count.Value - (count.Key == label ? 1 : 0)))
                .OrderByDescending(count => count.Item2).First();
            bool isDecided = trusted is not null || (others >= MinimumOthers && first.Votes >= Agreement * others);
            bool isOutvoted = isDecided && label != (trusted ?? first.Label);
            if (isDecided)
            {
                (int compared, int outvoted) = _nodes.GetValueOrDefault(source);
                _nodes[source] = (compared + 1, outvoted + (isOutvoted ? 1 : 0));
            }

            if (isOutvoted)
            {
                _outvoted.Add((group[0].Content, source));
            }
        }
    }

    // Of equal counts the lower label, so that the same rows give the same answer.
    private static int? Majority(IEnumerable<CandidateRow> rows) =>
        rows.CountBy(row => row.Label).OrderByDescending(count => count.Value).ThenBy(count => count.Key).Select(count => (int?)count.Key)
            .FirstOrDefault();
}
