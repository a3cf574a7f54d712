using Shared.Contracts.Reports;

namespace SimulatedFleet;

/// <summary>What a node reports of a version, for the time since its last check-in.</summary>
/// <param name="Labels">Answers by label, in the order of the schema's classes; null for none.</param>
/// <param name="Latency">Calls by the buckets of <see cref="LatencyHistogram"/>; null for none.</param>
internal sealed record UsageFigures(long Calls, long Failures = 0, BinCounts? Labels = null, BinCounts? Latency = null);
