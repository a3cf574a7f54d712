namespace ProtectedSite.Scoring;

/// <param name="Failed">Calls that threw.</param>
/// <param name="Mixed">Answers to the load that differ in some bit from those of the version that they name.</param>
/// <param name="ByVersion">Answers by version.</param>
/// <param name="Threads">Threads of load that run now.</param>
internal sealed record PredictionCounts(long Total, long Failed, long Mixed, IReadOnlyDictionary<int, long> ByVersion, int Threads);
