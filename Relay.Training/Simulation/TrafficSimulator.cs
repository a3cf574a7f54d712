namespace Relay.Training.Simulation;

/// <summary>Simulates the requests of many clients over a period: the benign majority and all attack classes, in
/// overlapping sessions. The same parameters give the same requests.</summary>
/// <param name="Seed">Of every random choice.</param>
/// <param name="Requests">How many requests, up to 5,000,000.</param>
/// <param name="Start">Time of the first sessions.</param>
/// <param name="Span">Stretch over which sessions begin.</param>
/// <param name="Host">The value of the Host header.</param>
public sealed record TrafficSimulator(int Seed, int Requests, DateTimeOffset Start, TimeSpan Span, string Host = "shop.example")
{
    private static readonly (int Weight, Func<SimulatedClient, IEnumerable<SimulatedRequest>> Play)[] Sessions =
    [
        (48, Visitors.Browse),
        (9, Visitors.Poll),
        (4, Visitors.Crawl),
        (7, Attackers.SqlInjection),
        (7, Attackers.CrossSiteScript),
        (7, Attackers.CommandInjection),
        (7, Attackers.Traverse),
        (4, Attackers.Flood),
        (4, Attackers.GuessPasswords),
        (3, Attackers.ScanAsTool),
        (2, Attackers.ScanUnnamed),
    ];

    /// <summary>The requests in the order of their time.</summary>
    public IReadOnlyList<SimulatedRequest> Play()
    {
        Random random = new(Seed);
        List<SimulatedRequest> requests = new(Requests + 1_000);
        for (int deal = 0; requests.Count < Requests; deal++)
        {
            foreach ((Func<SimulatedClient, IEnumerable<SimulatedRequest>> play, int turn) in Deal(random, deal))
            {
                SimulatedClient client = new(random, Start + random.NextDouble() * Span, Host) { Turn = turn };

                // The last session is cut, so that no earlier one is: each kind keeps its share.
                requests.AddRange(play(client).Take(Requests - requests.Count));
            }
        }

        // OrderBy is stable: requests of one instant stay in the order in which they were made.
        return [.. requests.OrderBy(r => r.Facts.At)];
    }

    /// <summary>All sessions once, those of a kind at even distances from a random start: every kind has its share of any number of
    /// requests, whatever the seed.</summary>
    private static IEnumerable<(Func<SimulatedClient, IEnumerable<SimulatedRequest>> Play, int Turn)> Deal(Random random, int deal) =>
    [
        .. Sessions
            .Select(kind => (kind.Weight, kind.Play, Start: random.NextDouble()))
            .SelectMany(kind => Enumerable.Range(0, kind.Weight)
                .Select(i => (kind.Play, Turn: (deal * kind.Weight) + i, Position: (i + kind.Start) / kind.Weight)))
            .OrderBy(session => session.Position).Select(session => (session.Play, session.Turn)),
    ];
}
