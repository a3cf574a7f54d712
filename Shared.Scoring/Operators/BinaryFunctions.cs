namespace Shared.Scoring.Operators;

/// <summary>The functions of <see cref="BinaryOperator{TFunction}"/> and <see cref="ComparisonOperator{TFunction}"/>; a comparison that
/// holds is 1.</summary>
internal static class BinaryFunctions
{
    internal readonly struct Sum : IBinaryFunction
    {
        public static float Apply(float left, float right) => left + right;
    }

    internal readonly struct Difference : IBinaryFunction
    {
        public static float Apply(float left, float right) => left - right;
    }

    internal readonly struct Product : IBinaryFunction
    {
        public static float Apply(float left, float right) => left * right;
    }

    internal readonly struct Quotient : IBinaryFunction
    {
        public static float Apply(float left, float right) => left / right;
    }

    internal readonly struct Less : IBinaryFunction
    {
        public static float Apply(float left, float right) => left < right ? 1 : 0;
    }

    internal readonly struct LessOrEqual : IBinaryFunction
    {
        public static float Apply(float left, float right) => left <= right ? 1 : 0;
    }

    internal readonly struct Greater : IBinaryFunction
    {
        public static float Apply(float left, float right) => left > right ? 1 : 0;
    }

    internal readonly struct GreaterOrEqual : IBinaryFunction
    {
        public static float Apply(float left, float right) => left >= right ? 1 : 0;
    }
}
