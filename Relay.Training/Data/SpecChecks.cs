using System.Text.RegularExpressions;
using Relay.Training.Engines;
using Shared.Contracts.Models;

namespace Relay.Training.Data;

/// <summary>Refuses a spec that contradicts itself, before any file is opened.</summary>
public static partial class SpecChecks
{
    /// <exception cref="TrainingException">With <see cref="TrainingFault.InvalidSpec"/>.</exception>
    public static void Require(ModelSpec spec)
    {
        if (!NamePattern().IsMatch(spec.Name))
        {
            throw Refuse($"name '{spec.Name}': expected 1 to 64 lower-case letters, digits and hyphens");
        }

        RequireColumns(spec);
        RequireLabel(spec.Label);
        if (spec.Csv.Delimiter is not [> ' ' and < (char)127 and not '"' or '\t' or ' '])
        {
            throw Refuse($"csv.delimiter '{spec.Csv.Delimiter}': expected one ASCII character that is no quote");
        }

        TrainerCatalog.Require(spec);
    }

    private static void RequireColumns(ModelSpec spec)
    {
        string[] repeated = [.. spec.Columns.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        if (repeated.Length > 0)
        {
            throw Refuse($"columns: {DataFault.List(repeated)} more than once");
        }

        if (spec.Columns.Any(c => c.Name.Length == 0))
        {
            throw Refuse("columns: a column has no name");
        }

        int labels = spec.Columns.Count(c => c.Type == ColumnType.Label);
        if (labels != 1)
        {
            throw Refuse($"columns: {labels} of type label, expected one");
        }

        if (!spec.Features.Any())
        {
            throw Refuse("columns: none of type number or category");
        }
    }

    private static void RequireLabel(LabelSpec label)
    {
        if (label.Groups.Count == 0)
        {
            return;
        }

        string[] repeated =
            [.. label.Groups.Values.SelectMany(v => v).GroupBy(v => v, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        if (repeated.Length > 0)
        {
            throw Refuse($"label.groups: {DataFault.List(repeated)} more than once");
        }

        if (label.Benign is { } benign && !label.Groups.ContainsKey(benign))
        {
            throw Refuse($"label.benign '{benign}': expected one of {DataFault.List(label.Groups.Keys)}");
        }
    }

    private static TrainingException Refuse(string message) => new(TrainingFault.InvalidSpec, "spec, " + message);

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex NamePattern();
}
