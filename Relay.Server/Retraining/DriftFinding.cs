namespace Relay.Server.Retraining;

/// <summary>What a measurement of drift found.</summary>
/// <param name="HasEnoughBefore">Where this or the next is false, nothing was measured.</param>
/// <param name="HasEnoughAfter">Samples came since the position in sufficient number.</param>
/// <param name="Value">The population stability index of the column that differs most.</param>
internal readonly record struct DriftFinding(bool HasEnoughBefore, bool HasEnoughAfter, double Value)
{
    /// <summary>Where there is not enough before, though there may have been: the number of a sample up to which the older ones can take that place.
    /// Null where there are too few for both sides.</summary>
    public long? Reference { get; init; }
}
