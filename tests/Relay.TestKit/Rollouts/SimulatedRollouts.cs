using Relay.Server.Rollouts.Evidence;

namespace Relay.TestKit.Rollouts;

/// <summary>Simulated rollouts at 1% of 10,000 nodes, in two rounds with four looks in each: how often they end in a verdict.</summary>
internal sealed record SimulatedRollouts(EvidenceRule Rule)
{
    private const int CandidateNodes = 100;
    private const int ControlNodes = 9_900;
    private const int Rounds = 2;
    private const int Looks = 4;

    /// <summary>The mean share of failed calls.</summary>
    public required double Share { get; init; }

    /// <summary>Of the beta distribution of the nodes' shares; a small one makes nodes very different.</summary>
    public required double Concentration { get; init; }

    /// <summary>What the candidate adds to each node's share.</summary>
    public double Added { get; init; }

    /// <summary>Nodes that fail more report first, in both arms.</summary>
    public bool WorstFirst { get; init; }

    /// <summary>The rollouts with the verdict at some look. The rule's metrics but the first have no data.</summary>
    public int Count(Verdict verdict, int runs)
    {
        MetricRule metric = Rule.Metrics[0];
        SimulatedFleet control = new(Share, Concentration, 0, metric.Cap);
        SimulatedFleet candidate = new(Share, Concentration, Added, metric.Cap);
        int found = 0;
        Parallel.For(0, runs, run =>
        {
            FastRandom random = new(run);
            int[] candidates = SimulatedFleet.DrawNodes(random, CandidateNodes, WorstFirst);
            int[] controls = SimulatedFleet.DrawNodes(random, ControlNodes, WorstFirst);
            for (int round = 1; round <= Rounds; round++)
            {
                ArmCounts counts = ArmCounts.Empty;
                for (int look = 0; look < Looks; look++)
                {
                    counts = new(
                        counts.Candidate.Merge(candidate.Report(random, Part(candidates, look))),
                        counts.Control.Merge(control.Report(random, Part(controls, look))));
                    RoundVerdict judged = EvidenceTest.Evaluate(
                        Rule, EvidenceRules.Round(counts.Candidate, counts.Control, metric.Name, round), passRank: round);
                    if (judged.Metrics[0].Verdict == verdict)
                    {
                        Interlocked.Increment(ref found);
                        return;
                    }
                }
            }
        });

        return found;
    }

    private static ReadOnlySpan<int> Part(int[] nodes, int look)
    {
        int size = nodes.Length / Looks;
        return nodes.AsSpan(look * size, size);
    }
}
