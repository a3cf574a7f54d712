using System.Text;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;

namespace Relay.Training.Specs.Drafting;

/// <summary>Guesses a spec from a file that names its columns: what parses as numbers is a number, few different texts are a category, and the
/// label is the column of that name, else the last one.</summary>
public static class SpecDrafter
{
    // What one model can tell apart, and what a person would call classes.
    private const int MaxClasses = 1_000;
    private const int MaxNumberClasses = 100;

    // Fewer rows may be in sequence by chance.
    private const int SequenceRows = 20;

    private static readonly string[] LabelNames = ["label", "class", "target"];
    private static readonly string[] BenignNames = ["benign", "normal", "norm"];
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <param name="label">The column to learn; null for the one of a usual name, else the last one.</param>
    /// <exception cref="TrainingException">The file cannot be read, or no spec can be guessed from it.</exception>
    public static SpecDraft Draft(string path, string? label = null, CancellationToken cancellationToken = default)
    {
        CsvSpec form = new(Delimiter: FindDelimiter(path));
        using RowFile file = RowFiles.OpenAll(path, form);
        string[] names = [.. file.Header];
        if (names.Length < 2)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.Name}: expected a header line that names two columns or more, parted by commas");
        }

        RequireNames(file);
        int labelIndex = FindLabel(file, names, label);
        ColumnSurvey[] columns = [.. names.Select(_ => new ColumnSurvey())];
        long rows = Read(file, names, columns, cancellationToken);
        DraftedColumns drafted = new(rows, columns[labelIndex]);
        IReadOnlyList<string> repeated = file.RepeatedNames;
        for (int i = 0; i < names.Length; i++)
        {
            // A name that the header repeats tells no column: such columns are not read.
            if (repeated.Contains(names[i]))
            {
                drafted.Notes.Add($"'{names[i]}' stands twice in the header and is left out: give each column a name of its own to read it");
            }
            else if (i == labelIndex)
            {
                drafted.AddLabel(names[i]);
            }
            else
            {
                drafted.Add(names[i], columns[i], SequenceRows);
            }
        }

        ModelSpec spec = Finish(file, names[labelIndex], columns[labelIndex], drafted, form);
        return ModelSpecRules.FirstProblem(spec) is { } problem
            ? throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.HeaderPlace}: no model can be guessed from the columns {DataErrors.List(names)}: "
                    + $"{problem.Found}, expected {problem.Expected}; write a spec for it")
            : new SpecDraft(spec, rows, drafted.Notes);
    }

    private static ModelSpec Finish(RowFile file, string name, ColumnSurvey label, DraftedColumns drafted, CsvSpec form)
    {
        bool isNumber = label is { IsNumber: true, Distinct: > MaxNumberClasses };
        if (!isNumber && label.Distinct > MaxClasses)
        {
            throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.Name}, column '{name}': more than {MaxClasses} different texts are no classes; name the column to learn by --label");
        }

        drafted.Notes.Insert(0, isNumber
            ? $"'{name}' is the label, a number to predict"
            : $"'{name}' is the label, with {label.Distinct} classes");
        string? benign = isNumber ? null : label.Texts.FirstOrDefault(t => BenignNames.Contains(t, StringComparer.OrdinalIgnoreCase));
        if (!isNumber && benign is null)
        {
            drafted.Notes.Insert(
                1, "no class is named benign: set label.benign to the one that means \"nothing wrong\", so that a model without it is refused");
        }

        ModelTask task = isNumber ? ModelTask.Regression : ModelTask.Classification;
        drafted.IgnoreNames([ModelSchema.NumericOutputOf(task), .. isNumber ? [] : (string[])[ModelSchema.LabelOutput]]);

        string[] marks = [.. drafted.Marks.Order(StringComparer.Ordinal)];
        return new ModelSpec
        {
            Name = NameOf(file.Name),
            Task = task,
            Algorithm = ModelAlgorithm.GradientBoosting,
            Columns = [.. drafted.Columns],
            Label = new LabelSpec { Benign = benign },
            Csv = form with
            {
                Missing = marks.Length > 0 ? marks : null,
                Percent = drafted.Percents.Count > 0 ? drafted.Percents : null,
            },
        };
    }

    private static long Read(RowFile file, string[] names, ColumnSurvey[] columns, CancellationToken cancellationToken)
    {
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

        return rows;
    }

    private static int FindLabel(RowFile file, string[] names, string? asked)
    {
        int label = asked is null
            ? Array.FindLastIndex(names, n => LabelNames.Contains(n, StringComparer.OrdinalIgnoreCase))
            : Array.IndexOf(names, asked);
        if (label < 0 && asked is not null)
        {
            throw new TrainingException(
                TrainingFault.InvalidData, $"{file.HeaderPlace}: there is no column '{asked}'; expected one of {DataErrors.List(names)}");
        }

        label = label < 0 ? names.Length - 1 : label;
        return !file.RepeatedNames.Contains(names[label])
            ? label
            : throw new TrainingException(
                TrainingFault.InvalidData,
                $"{file.HeaderPlace}: the header names the label {DataErrors.List([names[label]])} twice, expected it once");
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
                        "a name of 1 to 256 characters without control characters, line breaks and bidirectional overrides; "
                            + "name the column, or leave it out of the file"));
            }
        }
    }

    // The one that parts the header into the most names. Files of columns have none, and are read the same by any.
    private static string FindDelimiter(string path)
    {
        int Count(char delimiter)
        {
            try
            {
                using RowFile file = RowFiles.OpenAll(path, new CsvSpec(Delimiter: delimiter.ToString()));
                return file.Header.Count;
            }
            catch (TrainingException) when (delimiter != Delimiters[0])
            {
                // Quotes that do not close, read by the wrong one.
                return 0;
            }
        }

        return Delimiters.MaxBy(Count).ToString();
    }

    private static string NameOf(string fileName)
    {
        string stem = fileName.Split('.')[0].ToLowerInvariant();
        string name = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return name.Length switch { 0 => "model", > 64 => name[..64].Trim('-'), _ => name };
    }
}
