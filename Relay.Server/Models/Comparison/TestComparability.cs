using System.Text.Json;
using Shared.Contracts.Models;

namespace Relay.Server.Models.Comparison;

/// <summary>Whether the figures of two tests say which version is better: only if both answered the same question on the same rows. Pure.</summary>
internal static class TestComparability
{
    private const int DigestCharacters = 12;

    /// <summary>Why they do not, one clause each; empty where they do.</summary>
    public static IReadOnlyList<string> FindObstacles(ModelCard version, ModelCard with) =>
        [.. FindOtherRows(version.Test, with.Test), .. FindOtherQuestion(version, with)];

    private static IEnumerable<string> FindOtherRows(DataSummary version, DataSummary with)
    {
        if (version.Sha256 != with.Sha256)
        {
            yield return $"they were measured on different test rows, SHA-256 {Short(version.Sha256)} and {Short(with.Sha256)}";
        }
        else if (version.Rows != with.Rows)
        {
            yield return FormattableString.Invariant($"they were measured on {version.Rows} and on {with.Rows} rows of the same data");
        }
    }

    private static IEnumerable<string> FindOtherQuestion(ModelCard version, ModelCard with)
    {
        if (version.Schema.Task != with.Schema.Task)
        {
            yield return "the tasks differ";
        }

        if (!version.Schema.Classes.Order(StringComparer.Ordinal).SequenceEqual(with.Schema.Classes.Order(StringComparer.Ordinal)))
        {
            yield return "the classes differ";
        }

        if (FindLabel(version.Spec) != FindLabel(with.Spec))
        {
            yield return "the labels are read from different columns, or in different ways";
        }
    }

    private static (string? Column, string Reading) FindLabel(ModelSpec spec) => (
        spec.Columns.FirstOrDefault(column => column.Type is ColumnType.Label)?.Name,
        JsonSerializer.Serialize(spec.Label, ModelJson.Default.LabelSpec));

    private static string Short(string digest) => digest.Length > DigestCharacters ? digest[..DigestCharacters] : digest;
}
