namespace ProtectedSite.Load;

/// <param name="Failed">Calls that threw.</param>
/// <param name="Mixed">Answers that differ in some bit from those of the version that they name.</param>
/// <param name="ByVersion">Answers by version.</param>
internal sealed record PredictionCounts(long Total, long Failed, long Mixed, IReadOnlyDictionary<int, long> ByVersion, int Threads);
