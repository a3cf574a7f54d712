using Shared.Contracts.Models;

namespace Relay.Training.Importing.Proof;

/// <summary>How much a proof compared.</summary>
/// <param name="ThresholdRows">Rows at thresholds and extremes that the whole model answered.</param>
/// <param name="GivenRows">Given rows.</param>
/// <param name="TreeRows">Rows that single trees answered.</param>
/// <param name="MaxAbsDiff">The largest difference of an answer, in the same form as <see cref="ParityReport"/>.</param>
/// <param name="WithoutAnswer">Rows of missing or extreme values that have no finite answer, in the source either.</param>
/// <param name="IsManaged">Whether the managed scorer runs the model and was compared as well.</param>
internal sealed record ProofCounts(long ThresholdRows, long GivenRows, long TreeRows, double MaxAbsDiff, bool IsManaged, long WithoutAnswer);
