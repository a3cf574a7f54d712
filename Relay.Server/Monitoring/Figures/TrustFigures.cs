namespace Relay.Server.Monitoring.Figures;

/// <summary>What expires.</summary>
internal sealed class TrustFigures(TrustOverview trust, TimeProvider timeProvider) : IFigureSource
{
    private static readonly Gauge Remaining = new(
        "relay.expiry.remaining", "s", "Time until a role's metadata or a certificate expires; below zero: it has expired");

    public string Part => "trust";

    public IReadOnlyList<Gauge> Gauges { get; } = [Remaining];

    public IEnumerable<Figure> Read()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        return trust.Items().Select(item => Remaining.Measure((item.Expires - now).TotalSeconds, "subject", item.Subject));
    }
}
