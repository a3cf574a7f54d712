using Shared.Contracts.Models;

namespace ProtectedSite.Load;

/// <summary>The rows that the load predicts over and over: the golden rows of the first version that it saw.</summary>
internal sealed record FixedRows(ModelSchema Schema, float[][] Numbers, string[][] Categories)
{
    public static FixedRows From(GoldenVectors golden, ModelSchema schema) => new(
        schema,
        [.. golden.Numbers.Select(row => row.Select(n => n ?? float.NaN).ToArray())],
        [.. golden.Categories.Select(row => row.ToArray())]);
}
