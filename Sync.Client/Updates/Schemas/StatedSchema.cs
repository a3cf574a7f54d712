using System.Security.Cryptography;
using System.Text;
using Shared.Contracts;
using Shared.Contracts.Models;

namespace Sync.Client.Updates.Schemas;

/// <summary>What an app says about the schema of one model: by its options, and by the types of its rows.</summary>
internal sealed class StatedSchema
{
    private readonly ExpectedSchema _expected;

    public StatedSchema(RelaySyncOptions options, string model)
    {
        _expected = options.ExpectedSchemas.GetValueOrDefault(model) ?? new();
        string[] rows = [.. options.RowTypes.Where(t => t.Model == model).Select(t => t.Type.FullName ?? t.Type.Name).Order(StringComparer.Ordinal)];
        HasRowTypes = rows.Length > 0;
        Digest = _expected.IsEmpty && !HasRowTypes ? "" : ComputeDigest(_expected, rows);
    }

    /// <summary>True where compiled readers fill the inputs by name.</summary>
    public bool HasRowTypes { get; }

    /// <summary>True where the app accepts whatever comes.</summary>
    public bool AcceptsAny => _expected.AnySchema;

    /// <summary>True where the statement leaves nothing to take from a release.</summary>
    public bool IsWhole => _expected.AnySchema || _expected.Hash is not null;

    public bool IsEmpty => Digest.Length == 0;

    /// <summary>Changes with the statement; empty where the app states nothing.</summary>
    public string Digest { get; }

    /// <summary>How a schema differs from the statement; empty where it fits.</summary>
    /// <param name="hash">The hash of the schema.</param>
    public IReadOnlyList<string> FindDifferences(ModelSchema schema, string hash)
    {
        List<string> found = [];
        if (_expected.Inputs is { } inputs)
        {
            found.AddRange(SchemaComparison.FindNameDifferences([.. inputs], [.. schema.Inputs.Select(i => i.Name)], "input"));
        }

        if (_expected.Classes is { } classes)
        {
            found.AddRange(SchemaComparison.FindNameDifferences([.. classes], schema.Classes, "class"));
        }

        if (_expected.Task is { } task && task != schema.Task)
        {
            found.Add($"the task is {schema.Task} and not {task}");
        }

        if (_expected.Hash is { } expected && expected != hash && found.Count == 0)
        {
            found.Add($"the schema's hash is {hash} and not {expected}");
        }

        return found;
    }

    private static string ComputeDigest(ExpectedSchema expected, IEnumerable<string> rows)
    {
        string[] parts =
        [
            List(expected.Inputs), List(expected.Classes), $"{expected.Task}", expected.Hash ?? "", $"{expected.AnySchema}", List(rows),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(List(parts))));

        static string List(IEnumerable<string>? names) =>
            names is null ? "-" : string.Concat(names.Select(name => FormattableString.Invariant($"{name.Length}:{name}")));
    }
}
