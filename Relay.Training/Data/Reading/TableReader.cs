using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>A row reader that keeps every value.</summary>
internal sealed class TableReader(ModelSpec spec)
    : RowReader([.. spec.Features.Select(ColumnBuilder.Create)], LabelColumnReader.Create(spec), new RowWeightInputs(spec))
{
    public RawTable Finish(ScannedFile file) =>
        new(file.Name, file.Sha256, [.. Columns.Select(c => ((ColumnBuilder)c).Finish())], LabelReader?.Finish(), WeightInputs!.Finish(), Rows)
        {
            Warning = file.Warning,
        };
}
