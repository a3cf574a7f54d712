namespace Shared.Scoring.Functions;

/// <summary>The function that a tree operator applies to the raw scores of a row.</summary>
internal enum PostTransform
{
    None,
    Logistic,
    Softmax,
    SoftmaxZero,
    Probit,
}
