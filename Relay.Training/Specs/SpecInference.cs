using System.Text;
using Relay.Training.Data.Csv;
using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>Guesses a spec from a CSV file with a header: what parses as numbers is a number, few different texts are a
/// category, and the label is the column of that name, else the last one.</summary>
internal static class SpecInference
{
    private const int MaxCategories = 256;
    private static readonly string[] LabelNames = ["label", "class"];
    private static readonly string[] BenignNames = ["benign", "normal"];

    public static ModelSpec Infer(string path, CancellationToken cancellationToken)
    {
        CsvSpec form = new();
        using CsvFile file = CsvFile.Open(path, form);
        string[] names = [.. file.Header];
        if (names.Length < 2)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.Name}: expected a header line that names two columns or more, parted by commas");
        }

        int label = Array.FindLastIndex(names, n => LabelNames.Contains(n, StringComparer.OrdinalIgnoreCase));
        label = label < 0 ? names.Length - 1 : label;
        Column[] columns = [.. names.Select(_ => new Column())];
        long rows = 0;
        while (file.Read())
        {
            for (int i = 0; i < Math.Min(columns.Length, file.FieldCount); i++)
            {
                columns[i].Add(file.Field(i));
            }

            if (++rows % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        string? benign = columns[label].Texts.FirstOrDefault(t => BenignNames.Contains(t, StringComparer.OrdinalIgnoreCase));
        return new ModelSpec
        {
            Name = NameOf(file.Name),
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.GradientBoosting,
            Columns = [.. names.Select((n, i) => new ColumnSpec(n, i == label ? ColumnType.Label : columns[i].Type(file.Name, n)))],
            Label = new LabelSpec { Benign = benign },
            Csv = form,
        };
    }

    private static string NameOf(string fileName)
    {
        string stem = fileName.Split('.')[0].ToLowerInvariant();
        string name = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name.Length switch { 0 => "model", > 64 => name[..64], _ => name };
    }

    /// <summary>What has been seen of one column.</summary>
    private sealed class Column
    {
        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
        private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
        private bool _isNumber = true;

        public Column() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

        public IEnumerable<string> Texts => _texts.Order(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<byte> cell)
        {
            _isNumber = _isNumber && NumberText.TryParse(cell, out _);
            if (cell.IsEmpty || _texts.Count > MaxCategories)
            {
                return;
            }

            Span<char> chars = cell.Length <= 256 ? stackalloc char[256] : new char[cell.Length];
            _lookup.Add(chars[..Encoding.UTF8.GetChars(cell, chars)]);
        }

        public ColumnType Type(string file, string name) =>
            _isNumber ? ColumnType.Number
            : _texts.Count <= MaxCategories ? ColumnType.Category
            : throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file}, column '{name}': neither numbers nor at most {MaxCategories} different texts; "
                + "write a spec that marks it ignore");
    }
}
