using System.Text;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;

namespace Relay.Training.Specs;

/// <summary>Guesses a spec from a file that names its columns: what parses as numbers is a number, few different texts are a
/// category, and the label is the column of that name, else the last one.</summary>
internal static class SpecInference
{
    private const int MaxCategories = 256;
    private static readonly string[] LabelNames = ["label", "class"];
    private static readonly string[] BenignNames = ["benign", "normal"];

    public static ModelSpec Infer(string path, CancellationToken cancellationToken)
    {
        CsvSpec form = new();
        using RowFile file = RowFiles.OpenAll(path, form);
        string[] names = [.. file.Header];
        if (names.Length < 2)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.Name}: expected a header line that names two columns or more, parted by commas");
        }

        RequireNames(file);
        int label = Array.FindLastIndex(names, n => LabelNames.Contains(n, StringComparer.OrdinalIgnoreCase));
        label = label < 0 ? names.Length - 1 : label;
        IReadOnlyList<string> repeated = file.RepeatedNames;
        if (repeated.Contains(names[label]))
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.HeaderPlace}: the header names the label {DataErrors.List([names[label]])} twice, expected it once");
        }

        Column[] columns = [.. names.Select(_ => new Column())];
        long rows = 0;
        while (file.Read())
        {
            for (int i = 0; i < Math.Min(columns.Length, file.FieldCount); i++)
            {
                if (CellText.FindError(file.Field(i)) is { } expected)
                {
                    throw new TrainingException(
                        TrainingFault.InvalidData,
                        DataErrors.Cell(file.Name, file.Line, names[i], Encoding.UTF8.GetString(file.Field(i)), expected));
                }

                columns[i].Add(file.Field(i));
            }

            if (++rows % 4096 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        string? benign = columns[label].Texts.FirstOrDefault(t => BenignNames.Contains(t, StringComparer.OrdinalIgnoreCase));

        // A name that the header repeats tells no column: such columns are not read.
        ModelSpec spec = new()
        {
            Name = NameOf(file.Name),
            Task = ModelTask.Classification,
            Algorithm = ModelAlgorithm.GradientBoosting,
            Columns =
            [
                .. names.Select((n, i) => (Name: n, Index: i)).Where(n => !repeated.Contains(n.Name)).Select(n => new ColumnSpec(
                    n.Name, n.Index == label ? ColumnType.Label : columns[n.Index].Type(file.Name, n.Name))),
            ],
            Label = new LabelSpec { Benign = benign },
            Csv = form,
        };
        return ModelSpecRules.FirstProblem(spec) is { } problem
            ? throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.HeaderPlace}: no model can be guessed from the columns {DataErrors.List(names)}: {problem.Found}, expected {problem.Expected}; write a spec for it")
            : spec;
    }

    private static void RequireNames(RowFile file)
    {
        for (int i = 0; i < file.Header.Count; i++)
        {
            if (!ModelSpecRules.IsColumnName(file.Header[i]))
            {
                throw new TrainingException(
                    TrainingFault.InvalidData,
                    DataErrors.HeaderCell(
                        file.Name, 1, i, file.Header[i],
                        "a name of 1 to 256 characters without control characters, line breaks and bidirectional overrides; name the column, or leave it out of the file"));
            }
        }
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
