using Shared.Contracts.Models;

namespace Relay.Training.Data.Csv;

/// <summary>Where the spec's columns stand in a file.</summary>
internal static class CsvColumns
{
    /// <summary>Per column of the spec, its field; by name where there is a header, by order where there is none.</summary>
    /// <exception cref="TrainingException">The header repeats or lacks a column that is read.</exception>
    public static int[] Locate(ModelSpec spec, CsvFile file)
    {
        if (!spec.Csv.Header)
        {
            return [.. Enumerable.Range(0, spec.Columns.Count)];
        }

        if (file.Header.Count == 0)
        {
            throw new TrainingException(TrainingFault.MissingData, $"{file.Name}: is empty, expected a header line");
        }

        Dictionary<string, int> byName = new(StringComparer.Ordinal);
        HashSet<string> repeated = new(StringComparer.Ordinal);
        for (int i = 0; i < file.Header.Count; i++)
        {
            if (!byName.TryAdd(file.Header[i], i))
            {
                repeated.Add(file.Header[i]);
            }
        }

        string[] ambiguous = [.. spec.Columns.Where(c => c.Type != ColumnType.Ignore && repeated.Contains(c.Name)).Select(c => c.Name)];
        if (ambiguous.Length > 0)
        {
            throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.Name}:1: the header names {DataErrors.List(ambiguous)} twice, expected each column that is read once");
        }

        string[] missing =
            [.. spec.Columns.Where(c => c.Type != ColumnType.Ignore && !byName.ContainsKey(c.Name)).Select(c => c.Name)];
        if (missing.Length > 0)
        {
            throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.Name}:1: the header lacks {DataErrors.List(missing)}; it has {DataErrors.List(file.Header)}");
        }

        return [.. spec.Columns.Select(c => byName.GetValueOrDefault(c.Name, -1))];
    }

    /// <summary>What is odd about the header, but does no harm; null where nothing is.</summary>
    public static string? FindOddity(CsvFile file)
    {
        string[] repeated = [.. file.Header.CountBy(name => name, StringComparer.Ordinal).Where(n => n.Value > 1).Select(n => n.Key)];
        return repeated.Length == 0 ? null : $"{file.Name}:1: the header names {DataErrors.List(repeated)} more than once; these columns are not read";
    }

    /// <returns>The field of the one column of a type; -1 where there is none.</returns>
    public static int Position(ModelSpec spec, int[] positions, ColumnType type) =>
        spec.Columns.Zip(positions).Where(c => c.First.Type == type).Select(c => c.Second).FirstOrDefault(-1);

    public static int[] FeaturePositions(ModelSpec spec, int[] positions) =>
        [.. spec.Columns.Zip(positions).Where(c => c.First.Type is ColumnType.Number or ColumnType.Category).Select(c => c.Second)];
}
