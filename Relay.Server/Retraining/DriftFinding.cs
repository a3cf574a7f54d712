namespace Relay.Server.Retraining;

/// <summary>What a measurement of drift found.</summary>
/// <param name="HasEnoughBefore">Where this or the next is false, nothing was measured.</param>
/// <param name="HasEnoughAfter">Samples came since the position in sufficient number.</param>
/// <param name="Value">The population stability index of the column that differs most.</param>
internal readonly record struct DriftFinding(bool HasEnoughBefore, bool HasEnoughAfter, double Value);
