namespace Shared.Scoring.Functions;

/// <summary>Reads the names of post-transforms.</summary>
internal static class PostTransforms
{
    /// <param name="name">As in ai.onnx.ml 1 to 4; null for none.</param>
    public static bool TryParse(string? name, out PostTransform transform)
    {
        (bool known, transform) = name switch
        {
            null or "NONE" => (true, PostTransform.None),
            "LOGISTIC" => (true, PostTransform.Logistic),
            "SOFTMAX" => (true, PostTransform.Softmax),
            "SOFTMAX_ZERO" => (true, PostTransform.SoftmaxZero),
            "PROBIT" => (true, PostTransform.Probit),
            _ => (false, default),
        };
        return known;
    }
}
