namespace Shared.Scoring.Operators;

/// <summary>A function of one number.</summary>
internal interface IUnaryFunction
{
    static abstract float Apply(float value);
}
