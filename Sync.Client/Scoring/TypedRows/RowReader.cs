using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>Reads the properties of a row into the inputs of one schema, with code compiled for that row type and schema.</summary>
internal sealed class RowReader<TRow>
{
    private readonly Action<TRow, float[], int, string[], int> _read;

    private RowReader(Action<TRow, float[], int, string[], int> read, ModelSchema schema)
    {
        _read = read;
        Numbers = schema.Inputs.Count(c => c.Type == ColumnType.Number);
        Categories = schema.Inputs.Count - Numbers;
    }

    /// <summary>Number inputs of a row.</summary>
    public int Numbers { get; }

    /// <summary>Category inputs of a row.</summary>
    public int Categories { get; }

    /// <summary>Compiles a reader; takes milliseconds.</summary>
    /// <param name="errors">What does not match, one line for each input; empty when a reader is returned.</param>
    [RequiresUnreferencedCode(RowType.Why)]
    [RequiresDynamicCode(RowType.Why)]
    public static RowReader<TRow>? Compile(ModelSchema schema, out IReadOnlyList<string> errors)
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow), "row");
        ParameterExpression numbers = Expression.Parameter(typeof(float[]), "numbers");
        ParameterExpression firstNumber = Expression.Parameter(typeof(int), "firstNumber");
        ParameterExpression categories = Expression.Parameter(typeof(string[]), "categories");
        ParameterExpression firstCategory = Expression.Parameter(typeof(int), "firstCategory");
        List<Expression> steps = [];
        List<string> found = [];
        (int number, int category) = (0, 0);
        foreach (ColumnSpec input in schema.Inputs)
        {
            if (RowProperties.Find(typeof(TRow), input.Name, out string? error) is not { } property)
            {
                found.Add(error!);
                continue;
            }

            bool isNumber = input.Type == ColumnType.Number;
            Expression value = Expression.Property(row, property);
            if ((isNumber ? InputExpression.Number(value) : InputExpression.Category(value)) is not { } converted)
            {
                found.Add(
                    $"'{property.Name}' is {property.PropertyType.Name}, and the input '{input.Name}' is a {(isNumber ? "number" : "category")}");
                continue;
            }

            steps.Add(Expression.Assign(
                isNumber
                    ? Expression.ArrayAccess(numbers, Expression.Add(firstNumber, Expression.Constant(number++)))
                    : Expression.ArrayAccess(categories, Expression.Add(firstCategory, Expression.Constant(category++))),
                converted));
        }

        errors = found;
        return found.Count > 0
            ? null
            : new(
                Expression.Lambda<Action<TRow, float[], int, string[], int>>(
                    Expression.Block(typeof(void), steps), row, numbers, firstNumber, categories, firstCategory).Compile(),
                schema);
    }

    /// <summary>Writes one row into the buffer.</summary>
    /// <param name="index">The position of the row in the buffer.</param>
    public void Read(TRow row, RowBuffer buffer, int index) =>
        _read(row, buffer.Numbers, index * Numbers, buffer.Categories, index * Categories);
}
