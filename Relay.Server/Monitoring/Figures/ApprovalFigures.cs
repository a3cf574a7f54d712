using Relay.Server.Repository;
using Relay.Server.Repository.Pending;

namespace Relay.Server.Monitoring.Figures;

/// <summary>What waits for the signatures of people.</summary>
internal sealed class ApprovalFigures(TufRepository repository, RepositoryCache cache, TimeProvider timeProvider) : IFigureSource
{
    private static readonly Gauge Pending = new("relay.pending.publications", "{publication}", "Publications that wait for signatures");
    private static readonly Gauge Oldest = new("relay.pending.oldest.age", "s", "How long the oldest of them waits; 0 where none waits");

    public string Part => "approvals";

    public IReadOnlyList<Gauge> Gauges { get; } = [Pending, Oldest];

    public IEnumerable<Figure> Read()
    {
        IReadOnlyList<PendingSummary> pending = repository.Pending.ListSummaries(cache.Read());
        DateTimeOffset now = timeProvider.GetUtcNow();
        return
        [
            Pending.Measure(pending.Count),
            Oldest.Measure(pending.Count == 0 ? 0 : Math.Max(0, (now - pending.Min(publication => publication.CreatedAt)).TotalSeconds)),
        ];
    }
}
