namespace Relay.Training.Trees;

/// <summary>Softmax in float32 in ONNX Runtime's order: subtract the maximum, sum the exponentials, scale by the reciprocal.</summary>
internal static class Softmax
{
    public static void Apply(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        float max = scores[0];
        foreach (float score in scores[1..])
        {
            max = MathF.Max(max, score);
        }

        float sum = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            probabilities[k] = MathF.Exp(scores[k] - max);
            sum += probabilities[k];
        }

        float scale = 1 / sum;
        for (int k = 0; k < probabilities.Length; k++)
        {
            probabilities[k] *= scale;
        }
    }
}
