namespace Shared.Scoring.Operators;

/// <summary>A function of two numbers.</summary>
internal interface IBinaryFunction
{
    static abstract float Apply(float left, float right);
}
