using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Converts the value of a property to the type of an input; null where the property's type does not convert.</summary>
[RequiresUnreferencedCode(RowType.Why)]
[RequiresDynamicCode(RowType.Why)]
internal static class InputExpression
{
    private static readonly HashSet<Type> Numbers =
    [
        typeof(float), typeof(double), typeof(decimal), typeof(Half), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong),
    ];

    /// <summary>To a float; NaN for null.</summary>
    public static Expression? Number(Expression value)
    {
        if (Nullable.GetUnderlyingType(value.Type) is { } inner)
        {
            return WhenPresent(value, inner, Number, Expression.Constant(float.NaN));
        }

        if (value.Type == typeof(bool))
        {
            return Expression.Condition(value, Expression.Constant(1f), Expression.Constant(0f));
        }

        return value.Type == typeof(float) ? value : Numbers.Contains(value.Type) ? Expression.Convert(value, typeof(float)) : null;
    }

    /// <summary>To a text; empty for null.</summary>
    public static Expression? Category(Expression value)
    {
        if (Nullable.GetUnderlyingType(value.Type) is { } inner)
        {
            return WhenPresent(value, inner, Category, Expression.Constant(""));
        }

        if (value.Type == typeof(string))
        {
            return Expression.Coalesce(value, Expression.Constant(""));
        }

        return value.Type.IsEnum
            ? Expression.Call(typeof(EnumTexts<>).MakeGenericType(value.Type), nameof(EnumTexts<>.GetText), null, value)
            : null;
    }

    // A variable, so that the property is read once.
    private static BlockExpression? WhenPresent(Expression value, Type inner, Func<Expression, Expression?> convert, Expression absent)
    {
        ParameterExpression read = Expression.Variable(value.Type);
        Expression? present = convert(Expression.Convert(read, inner));
        return present is null
            ? null
            : Expression.Block(
                [read], Expression.Assign(read, value),
                Expression.Condition(Expression.Property(read, "HasValue"), present, absent));
    }
}
