namespace Relay.Training.Engines.Managed.Boosting.Objectives;

/// <summary>The logarithmic loss, which both objectives over classes use.</summary>
internal static class LogLoss
{
    /// <summary>Weighted with as much as 511, a gradient is still a 32 bit integer.</summary>
    public const int FractionBits = 22;

    public const int BoundBits = 7;

    private const double MinProbability = 1e-37;

    public static double Compute(double probability) => -Math.Log(Math.Max(probability, MinProbability));
}
