using Shared.Contracts.Models;

namespace Relay.Training.Data.Csv;

/// <summary>Where the spec's columns stand in a file.</summary>
internal static class CsvColumns
{
    /// <summary>Per column of the spec, its field; by name where there is a header, by order where there is none.</summary>
    /// <exception cref="TrainingException">The header repeats or lacks a column that is read.</exception>
    public static int[] Locate(ModelSpec spec, RowFile file)
    {
        if (!file.HasHeader)
        {
            return [.. Enumerable.Range(0, spec.Columns.Count)];
        }

        if (file.Header.Count == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: is empty, expected a header line");
        }

        string[] read = [.. spec.Columns.Where(c => c.Type != ColumnType.Ignore).Concat(spec.GroupColumns).Select(c => c.Name)];
        string[] ambiguous = [.. read.Intersect(file.RepeatedNames, StringComparer.Ordinal)];
        string[] missing = [.. read.Except(file.Header, StringComparer.Ordinal)];
        if (ambiguous.Length > 0 || missing.Length > 0)
        {
            string twice = ambiguous.Length > 0 ? $"the header names {DataErrors.List(ambiguous)} twice, expected each column that is read once" : "";
            string lacking = missing.Length > 0 ? $"the header lacks {DataErrors.List(missing)}; it has {DataErrors.List(file.Header)}" : "";
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.HeaderPlace}: {twice}{(twice.Length > 0 && lacking.Length > 0 ? "; " : "")}{lacking}");
        }

        Dictionary<string, int> byName = new(StringComparer.Ordinal);
        foreach ((int field, string name) in file.Header.Index())
        {
            byName.TryAdd(name, field);
        }

        return [.. spec.Columns.Select(c => byName.GetValueOrDefault(c.Name, -1))];
    }

    /// <summary>What is odd about the header, but does no harm, one sentence each; null where nothing is.</summary>
    public static IReadOnlyList<string>? FindOddities(ModelSpec spec, RowFile file)
    {
        List<string> odd = [];
        IReadOnlyList<string> repeated = file.RepeatedNames;
        if (repeated.Count > 0)
        {
            odd.Add($"{file.HeaderPlace}: the header names {DataErrors.List(repeated)} more than once; these columns are not read");
        }

        string[] unknown = [.. file.Header.Except(spec.Columns.Select(c => c.Name), StringComparer.Ordinal).Except(repeated, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            odd.Add($"{file.HeaderPlace}: the spec does not name {DataErrors.List(unknown)}; these columns are not read: name them in the spec, with the type ignore where the model does not need them");
        }

        return odd.Count == 0 ? null : odd;
    }

    /// <returns>The field of the one column of a type; -1 where there is none.</returns>
    public static int Position(ModelSpec spec, int[] positions, ColumnType type) =>
        spec.Columns.Zip(positions).Where(c => c.First.Type == type).Select(c => c.Second).FirstOrDefault(-1);

    /// <summary>The fields of the features, then those of the columns that only cards compare by.</summary>
    public static int[] FeaturePositions(ModelSpec spec, int[] positions)
    {
        ColumnSpec[] groups = [.. spec.GroupColumns];
        return
        [
            .. spec.Columns.Zip(positions).Where(c => c.First.Type is ColumnType.Number or ColumnType.Category).Select(c => c.Second),
            .. spec.Columns.Zip(positions).Where(c => groups.Contains(c.First)).Select(c => c.Second),
        ];
    }
}
