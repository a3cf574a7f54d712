using Shared.Contracts.Models;

namespace Relay.Training.Specs.Drafting;

/// <summary>The columns of a draft, and how their cells are read.</summary>
/// <param name="rows">The rows of the file.</param>
/// <param name="label">The column to learn.</param>
internal sealed class DraftedColumns(long rows, ColumnSurvey label)
{
    public List<ColumnSpec> Columns { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>Marks of missing values that number columns have.</summary>
    public HashSet<string> Marks { get; } = new(StringComparer.Ordinal);

    /// <summary>Number columns with percent signs.</summary>
    public List<string> Percents { get; } = [];

    public void AddLabel(string name) => Columns.Add(new ColumnSpec(name, ColumnType.Label));

    /// <param name="sequenceRows">The rows from which a sequence counts as one.</param>
    public void Add(string name, ColumnSurvey column, int sequenceRows)
    {
        ColumnType type = FindType(name, column, sequenceRows);
        Columns.Add(new ColumnSpec(name, type));
        if (type is ColumnType.Ignore)
        {
            return;
        }

        if (column.Cells == 0)
        {
            Notes.Add($"'{name}' is empty in all rows");
        }
        else if (column.Distinct == 1 && column.Cells == rows)
        {
            Notes.Add($"'{name}' has one value in all rows, '{column.Texts.Single()}'");
        }

        if (type is ColumnType.Number && column.Marks.Count > 0)
        {
            Marks.UnionWith(column.Marks);
            string marks = string.Join(", ", column.Marks.Select(m => $"'{m}'"));
            Notes.Add($"'{name}' has cells that stand for a missing value, as csv.missing says: {marks}");
        }

        if (type is ColumnType.Number && column.HasPercents)
        {
            Percents.Add(name);
            Notes.Add($"'{name}' has percent signs, as csv.percent says");
        }
    }

    /// <summary>Ignores the columns whose names the outputs of the model have.</summary>
    public void IgnoreNames(IReadOnlyCollection<string> outputs)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Type is ColumnType.Number or ColumnType.Category && outputs.Contains(Columns[i].Name))
            {
                Notes.Add($"'{Columns[i].Name}' is ignored, since an output of the model has this name: rename the column to read it");
                Columns[i] = Columns[i] with { Type = ColumnType.Ignore };
            }
        }
    }

    private ColumnType FindType(string name, ColumnSurvey column, int sequenceRows)
    {
        if (column.IsSequence && rows >= sequenceRows)
        {
            Notes.Add($"'{name}' numbers the rows and is ignored: a model would learn the order of the file");
            return ColumnType.Ignore;
        }

        if (column.IsNumber)
        {
            // A mark of the file is one in all columns, and the label would lose its class.
            if (column.Marks.Intersect(label.Texts).FirstOrDefault() is { } mark)
            {
                Notes.Add(
                    $"'{name}' is ignored: its missing values are written '{mark}', which is a class of the label as well; write them otherwise");
                return ColumnType.Ignore;
            }

            return ColumnType.Number;
        }

        if (column.IsFreeText)
        {
            Notes.Add(column.Distinct > ColumnSurvey.MaxTexts
                ? $"'{name}' is free text, or has more than {ColumnSurvey.MaxTexts} different ones, and is ignored"
                : $"'{name}' has {column.Distinct} different texts in {rows} rows and is ignored: type category reads it all the same");
            return ColumnType.Ignore;
        }

        return ColumnType.Category;
    }
}
