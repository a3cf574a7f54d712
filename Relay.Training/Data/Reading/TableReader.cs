using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>A row reader that keeps every value, those of <see cref="ModelSpec.GroupColumns"/> behind the features.</summary>
internal sealed class TableReader(ModelSpec spec) : RowReader(
    [.. spec.Features.Select(ColumnBuilder.Create), .. spec.GroupColumns.Select(c => new CategoryColumnBuilder(c.Name))],
    LabelColumnReader.Create(spec), new RowWeightInputs(spec))
{
    private readonly int _features = spec.Features.Count();

    public RawTable Finish(ScannedFile file)
    {
        DataColumn[] columns = [.. Columns.Select(c => ((ColumnBuilder)c).Finish())];
        return new RawTable(file.Name, file.Sha256, columns[.._features], LabelReader?.Finish(), WeightInputs!.Finish(), Rows)
        {
            Groups = [.. columns[_features..].Cast<CategoryColumn>()],
            Warnings = file.Warnings,
        };
    }
}
