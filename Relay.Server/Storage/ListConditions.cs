using System.Text;
using Dapper;

namespace Relay.Server.Storage;

/// <summary>The conditions of a list of rows, each with its value as a parameter: what a filter leaves out is not in the statement.</summary>
internal sealed class ListConditions
{
    private readonly StringBuilder _sql = new();
    private int _count;

    public DynamicParameters Parameters { get; } = new();

    /// <summary>Adds a condition, unless a value of it is null.</summary>
    /// <param name="sql">The condition, in which each <c>@</c> stands for the next value.</param>
    public ListConditions Add(string sql, params object?[] values)
    {
        if (values.Contains(null))
        {
            return this;
        }

        string[] parts = sql.Split('@');
        StringBuilder named = new(parts[0]);
        foreach ((string part, object? value) in parts.Skip(1).Zip(values))
        {
            string name = $"p{_count++}";
            Parameters.Add(name, value);
            named.Append('@').Append(name).Append(part);
        }

        return Append(named.ToString());
    }

    /// <summary>Adds that a column has one of the values. An empty list is no parameter: PostgreSQL would compare it as text with a number.</summary>
    public ListConditions AddIn<T>(string column, IReadOnlyCollection<T> values) =>
        values.Count > 0 ? Add($"{column} IN @", values) : Append("FALSE");

    /// <summary>Adds that a column has none of the values.</summary>
    public ListConditions AddNotIn<T>(string column, IReadOnlyCollection<T> values) =>
        values.Count > 0 ? Add($"{column} NOT IN @", values) : this;

    /// <summary>Adds a condition without a value.</summary>
    public ListConditions Append(string sql)
    {
        _sql.Append(_sql.Length == 0 ? "WHERE " : " AND ").Append('(').Append(sql).Append(')');
        return this;
    }

    /// <summary>Adds the parameter <c>@limit</c>.</summary>
    public ListConditions WithLimit(int limit)
    {
        Parameters.Add("limit", limit);
        return this;
    }

    /// <summary>The clause that begins with WHERE; empty for no condition.</summary>
    public override string ToString() => _sql.ToString();
}
