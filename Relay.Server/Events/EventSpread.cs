namespace Relay.Server.Events;

/// <summary>Times over which the nodes of a fleet are spread, by the number of open streams.</summary>
internal static class EventSpread
{
    /// <summary>5,000 updates begin in a second.</summary>
    private const double MillisecondsPerStream = 0.2;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>A timestamp that was only signed again is no reason to hurry.</summary>
    private static readonly TimeSpan ForRenewal = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    /// <summary>The spread of a hint.</summary>
    /// <param name="known">The version that the reader has.</param>
    public static TimeSpan For(PublishedTimestamp current, long known, int streams) =>
        known >= current.ChangedAt ? Max(ForRenewal, OfStreams(streams)) : OfStreams(streams);

    /// <summary>The first wait of readers before they open a stream again. A handshake costs more than a request.</summary>
    public static TimeSpan Retry(int streams) => Max(ShortestRetry, OfStreams(streams * 5));

    private static TimeSpan OfStreams(int streams)
    {
        TimeSpan spread = TimeSpan.FromMilliseconds(streams * MillisecondsPerStream);
        return spread < Longest ? spread : Longest;
    }

    private static TimeSpan Max(TimeSpan first, TimeSpan second) => first > second ? first : second;
}
