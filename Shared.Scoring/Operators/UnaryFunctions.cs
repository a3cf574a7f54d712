using Shared.Scoring.Functions;

namespace Shared.Scoring.Operators;

/// <summary>The functions of <see cref="UnaryOperator{TFunction}"/>.</summary>
internal static class UnaryFunctions
{
    internal readonly struct Negation : IUnaryFunction
    {
        public static float Apply(float value) => -value;
    }

    internal readonly struct AbsoluteValue : IUnaryFunction
    {
        public static float Apply(float value) => MathF.Abs(value);
    }

    internal readonly struct SquareRoot : IUnaryFunction
    {
        public static float Apply(float value) => MathF.Sqrt(value);
    }

    internal readonly struct Logistic : IUnaryFunction
    {
        public static float Apply(float value) => LogisticFunction.Apply(value);
    }
}
