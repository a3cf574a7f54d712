namespace Relay.Training.Trees;

/// <summary>One classifier per class, in float32 in the order of the exported graph: logistic of each, then shares of their sum.</summary>
internal static class OneVersusAll
{
    /// <summary>Smaller sums count as this, so that nothing is divided by 0 or by what is left of an underflow.</summary>
    public const float MinSum = 1e-30f;

    public static void Apply(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        float sum = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            probabilities[k] = 1 / (1 + MathF.Exp(-scores[k]));
            sum += probabilities[k];
        }

        float divisor = MathF.Max(sum, MinSum);
        for (int k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] /= divisor;
        }
    }
}
