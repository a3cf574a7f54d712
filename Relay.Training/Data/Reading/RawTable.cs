using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Relay.Training.Engines.Common.Sharding;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>A source as read, before raw labels become classes.</summary>
/// <param name="Sha256">Of the bytes read, lower-case hexadecimal.</param>
/// <param name="LabelColumn">Null where nothing is to be learnt or judged by.</param>
internal sealed record RawTable(
    string Source, string Sha256, IReadOnlyList<DataColumn> Columns, RawLabelColumn? LabelColumn, RawWeightInputs WeightInputs, int Rows)
{
    /// <summary>Columns that quality is compared by, and the model does not read.</summary>
    public IReadOnlyList<CategoryColumn> Groups { get; init; } = [];

    /// <summary>What is odd about the source, but does no harm, one sentence each; null where nothing is.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public RawTable Slice(int start, int count) => Select(RowSelection.Range(start, count));

    /// <summary>The rows to learn from: those that are too old left out, the others with their weights.</summary>
    /// <exception cref="TrainingException">A raw label belongs to no class, or a weight is not good.</exception>
    public DataSet ToTrainingRows(ModelSpec spec, string source)
    {
        AgeWeighting? age = AgeWeighting.Create(spec, Source, WeightInputs.Times, SingleShard.Instance);
        RawTable kept = age is null ? this : Select(RowSelection.Where([.. WeightInputs.Times!.Select(time => !age.IsTooOld(time))]));
        DataSet rows = kept.ToDataSet(spec, null, source);
        return rows with
        {
            Summary = rows.Summary with { TooOld = Rows - kept.Rows },
            SampleWeights = RowWeights.Compute(spec, Source, kept.WeightInputs, rows.Labels, rows.Classes, rows.Summary.ClassRows, age),
        };
    }

    /// <summary>The rows as they are.</summary>
    /// <param name="classes">The classes of training; null makes them from the spec or from these rows.</param>
    /// <exception cref="TrainingException">A raw label belongs to no class.</exception>
    public DataSet ToDataSet(ModelSpec spec, IReadOnlyList<string>? classes, string source)
    {
        if (LabelColumn is RawLabels labels)
        {
            return Classify(labels, spec, classes, source);
        }

        DataSummary summary = new(source, Sha256, Rows, new Dictionary<string, long>()) { Warnings = Warnings };
        return new DataSet(Columns, new int[Rows], [], summary) { Targets = (LabelColumn as RawTargets)?.Values, Groups = Groups };
    }

    private DataSet Classify(RawLabels raw, ModelSpec spec, IReadOnlyList<string>? classes, string source)
    {
        bool[] present = new bool[raw.Texts.Length];
        foreach (int code in raw.Codes)
        {
            present[code] = true;
        }

        classes ??= ClassMap.Classes(spec, raw.Texts.Where((_, code) => present[code]));
        ClassMap map = new(spec, classes);
        int[] classOf = new int[present.Length];
        int[] unknown = [.. Enumerable.Range(0, present.Length).Where(code => present[code] && !map.TryGetClass(raw.Texts[code], out classOf[code]))];
        if (unknown.Length > 0)
        {
            string others = unknown.Length > 1 ? $"; neither are {DataErrors.List(unknown.Skip(1).Select(code => raw.Texts[code]))}" : "";
            throw new TrainingException(
                TrainingFault.InvalidData,
                DataErrors.Cell(Source, raw.FirstLines[unknown[0]], raw.Column, raw.Texts[unknown[0]], $"one of {map.Expected}{others}"));
        }

        int[] labels = new int[Rows];
        long[] rows = new long[classes.Count];
        for (int row = 0; row < Rows; row++)
        {
            labels[row] = classOf[raw.Codes[row]];
            rows[labels[row]]++;
        }

        Dictionary<string, long> classRows = classes.Select((name, i) => (name, rows[i])).ToDictionary(c => c.name, c => c.Item2);
        return new DataSet(Columns, labels, classes, new DataSummary(source, Sha256, Rows, classRows) { Warnings = WarningsWith(raw, present, spec) })
        {
            Groups = Groups,
        };
    }

    /// <summary>Tells classes that look like a missing label: they would be learned as any other.</summary>
    private IReadOnlyList<string>? WarningsWith(RawLabels raw, bool[] present, ModelSpec spec)
    {
        string[] odd = spec.Label.Groups.Count > 0 ? [] : [.. raw.Texts.Where((text, code) => present[code] && MissingText.Looks(text))];
        return odd.Length == 0
            ? Warnings
            :
            [
                .. Warnings ?? [],
                $"{Source}, column '{raw.Column}': {DataErrors.List(odd)} is taken as a class; name it in csv.missing where it stands for a " +
                    $"missing label, and leave such rows out",
            ];
    }

    private RawTable Select(RowSelection rows) => rows.Count == Rows
        ? this
        : new(Source, Sha256, [.. Columns.Select(rows.Take)], LabelColumn?.Select(rows), WeightInputs.Select(rows), rows.Count)
        {
            Groups = [.. Groups.Select(g => (CategoryColumn)rows.Take(g))],
            Warnings = Warnings,
        };
}
