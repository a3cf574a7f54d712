namespace Shared.Scoring.Functions;

/// <summary>The transforms inside tree operators. ONNX Runtime computes them with the C library, unlike its operators Softmax and
/// Sigmoid.</summary>
internal static class ScoreTransform
{
    /// <summary>Scores within it are zero for softmax-zero.</summary>
    private const float ZeroTolerance = 0.0000001f;
    private const float RootOfTwo = 1.41421356f;

    /// <param name="scores">Two or more, transformed in place.</param>
    public static void Apply(PostTransform transform, Span<float> scores)
    {
        switch (transform)
        {
            case PostTransform.Logistic:
                foreach (ref float score in scores)
                {
                    score = Logistic(score);
                }

                break;
            case PostTransform.Softmax:
                Softmax(scores);
                break;
            case PostTransform.SoftmaxZero:
                SoftmaxZero(scores);
                break;
            case PostTransform.Probit:
                foreach (ref float score in scores)
                {
                    score = Probit(score);
                }

                break;
            default:
                break;
        }
    }

    public static float Logistic(float value)
    {
        float v = 1 / (1 + MathF.Exp(-MathF.Abs(value)));
        return value < 0 ? 1 - v : v;
    }

    public static float Probit(float value) => RootOfTwo * InverseErf(2 * value - 1);

    private static float InverseErf(float x)
    {
        float sign = x < 0 ? -1 : 1;
        float log = MathF.Log((1 - x) * (1 + x));
        float v = 2 / (MathF.PI * 0.147f) + 0.5f * log;
        float v2 = 1 / 0.147f * log;
        float v3 = -v + MathF.Sqrt(v * v - v2);
        return sign * MathF.Sqrt(v3);
    }

    private static void Softmax(Span<float> scores)
    {
        float max = Max(scores);
        float sum = 0;
        foreach (ref float score in scores)
        {
            score = MathF.Exp(score - max);
            sum += score;
        }

        foreach (ref float score in scores)
        {
            score /= sum;
        }
    }

    private static void SoftmaxZero(Span<float> scores)
    {
        float max = Max(scores);
        float ofZero = MathF.Exp(-max);
        float sum = 0;
        foreach (ref float score in scores)
        {
            if (score is > ZeroTolerance or < -ZeroTolerance)
            {
                score = MathF.Exp(score - max);
                sum += score;
            }
            else
            {
                score *= ofZero;
            }
        }

        foreach (ref float score in scores)
        {
            score /= sum;
        }
    }

    private static float Max(ReadOnlySpan<float> scores)
    {
        float max = float.MinValue;
        foreach (float score in scores)
        {
            max = score > max ? score : max;
        }

        return max;
    }
}
