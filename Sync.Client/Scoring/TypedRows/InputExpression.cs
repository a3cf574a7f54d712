using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Converts the value of a property to the type of an input.</summary>
[RequiresUnreferencedCode(RowType.Why)]
[RequiresDynamicCode(RowType.Why)]
internal static class InputExpression
{
    private static readonly HashSet<Type> Numbers =
    [
        typeof(float), typeof(double), typeof(decimal), typeof(Half), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort),
        typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(bool),
    ];

    /// <summary>The kind of input that properties of a type can fill, or null.</summary>
    public static ColumnType? FindKind(Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        return Numbers.Contains(inner) ? ColumnType.Number : inner == typeof(string) || inner.IsEnum ? ColumnType.Category : null;
    }

    /// <summary>To a float; NaN for null.</summary>
    public static Expression Number(Expression value)
    {
        if (Nullable.GetUnderlyingType(value.Type) is { } inner)
        {
            return WhenPresent(value, inner, Number, Expression.Constant(float.NaN));
        }

        if (value.Type == typeof(bool))
        {
            return Expression.Condition(value, Expression.Constant(1f), Expression.Constant(0f));
        }

        return value.Type == typeof(float) ? value : Expression.Convert(value, typeof(float));
    }

    /// <summary>To a text; empty for null.</summary>
    public static Expression Category(Expression value)
    {
        if (Nullable.GetUnderlyingType(value.Type) is { } inner)
        {
            return WhenPresent(value, inner, Category, Expression.Constant(""));
        }

        return value.Type == typeof(string)
            ? Expression.Coalesce(value, Expression.Constant(""))
            : Expression.Call(typeof(EnumTexts<>).MakeGenericType(value.Type), nameof(EnumTexts<>.GetText), null, value);
    }

    // A variable, so that the property is read once.
    private static BlockExpression WhenPresent(Expression value, Type inner, Func<Expression, Expression> convert, Expression absent)
    {
        ParameterExpression read = Expression.Variable(value.Type);
        Expression present = convert(Expression.Convert(read, inner));
        return Expression.Block(
            [read], Expression.Assign(read, value),
            Expression.Condition(Expression.Property(read, "HasValue"), present, absent));
    }
}
