using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using Shared.Contracts.Models;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>A row type whose properties are found by reflection, and read by code that is compiled at run time for the type and a
/// schema.</summary>
[RequiresUnreferencedCode(Why)]
[RequiresDynamicCode(Why)]
internal sealed class ReflectedRowType<TRow>(string model) : RowType(model)
{
    private static readonly ParameterExpression Row = Expression.Parameter(typeof(TRow), "row");
    private static readonly ParameterExpression Numbers = Expression.Parameter(typeof(float[]), "numbers");
    private static readonly ParameterExpression FirstNumber = Expression.Parameter(typeof(int), "firstNumber");
    private static readonly ParameterExpression Categories = Expression.Parameter(typeof(string[]), "categories");
    private static readonly ParameterExpression FirstCategory = Expression.Parameter(typeof(int), "firstCategory");

    public override Type Type => typeof(TRow);

    /// <summary>Compiles a reader; takes milliseconds.</summary>
    public override RowReader<TRow>? Bind(ModelSchema schema, out IReadOnlyList<string> errors)
    {
        PropertyInfo[] all = [.. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)];
        RelayRowProperty[] described = [.. all.Select(p => new RelayRowProperty(
            p.Name, p.GetCustomAttribute<RelayInputAttribute>()?.Name, InputExpression.FindKind(p.PropertyType), p.PropertyType.Name))];
        return RowBinding.Find(described, schema, out errors) is { } positions
            ? new(Compile([.. positions.Select(position => all[position])]), schema)
            : null;
    }

    private static CompiledRead<TRow> Compile(PropertyInfo[] properties)
    {
        List<Expression> steps = [];
        (int number, int category) = (0, 0);
        foreach (PropertyInfo property in properties)
        {
            Expression value = Expression.Property(Row, property);
            steps.Add(InputExpression.FindKind(property.PropertyType) == ColumnType.Number
                ? Expression.Assign(
                    Expression.ArrayAccess(Numbers, Expression.Add(FirstNumber, Expression.Constant(number++))), InputExpression.Number(value))
                : Expression.Assign(
                    Expression.ArrayAccess(Categories, Expression.Add(FirstCategory, Expression.Constant(category++))),
                    InputExpression.Category(value)));
        }

        return Expression.Lambda<CompiledRead<TRow>>(
            Expression.Block(typeof(void), steps), Row, Numbers, FirstNumber, Categories, FirstCategory).Compile();
    }
}
