namespace Relay.Training.Simulation;

/// <summary>Simulates the requests of many clients over a period: the benign majority and all attack classes, in
/// overlapping sessions. The same parameters give the same requests.</summary>
/// <param name="Seed">Of every random choice.</param>
/// <param name="Requests">How many requests, 1,000 to 5,000,000.</param>
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
        (1, Attackers.Flood),
        (4, Attackers.GuessPasswords),
        (5, Attackers.Scan),
    ];

    /// <summary>The requests in the order of their time.</summary>
    public IReadOnlyList<SimulatedRequest> Play()
    {
        Random random = new(Seed);

        // Assigned in turn, so that every kind has its share for any number of requests.
        Func<SimulatedClient, IEnumerable<SimulatedRequest>>[] deck = [.. Sessions.SelectMany(s => Enumerable.Repeat(s.Play, s.Weight))];
        List<SimulatedRequest> requests = new(Requests + 1_000);
        for (int next = deck.Length; requests.Count < Requests; next++)
        {
            if (next == deck.Length)
            {
                random.Shuffle(deck);
                next = 0;
            }

            SimulatedClient client = new(random, Start + random.NextDouble() * Span, Host);
            requests.AddRange(deck[next](client));
        }

        // OrderBy is stable: requests of one instant stay in the order in which they were made.
        return [.. requests.OrderBy(r => r.Facts.At).Take(Requests)];
    }
}
