namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>What both objectives over classes share.</summary>
internal static class LogLoss
{
    /// <summary>Weighted with as much as 511, a derivative is still a 32 bit integer.</summary>
    public const int FractionBits = 22;

    public const int BoundBits = 7;

    private const double LeastProbability = 1e-37;

    public static double Of(double probability) => -Math.Log(Math.Max(probability, LeastProbability));
}
