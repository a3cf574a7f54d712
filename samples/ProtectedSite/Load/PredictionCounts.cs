namespace ProtectedSite.Load;

/// <param name="Failed">Calls that threw.</param>
/// <param name="Mixed">Answers with a bit that the version they claim does not give.</param>
/// <param name="ByVersion">Answers by version.</param>
internal sealed record PredictionCounts(long Total, long Failed, long Mixed, IReadOnlyDictionary<int, long> ByVersion, int Threads);
