using Relay.Training.Data.Csv;
using Relay.Training.Data.Tables;
using Relay.Training.Data.Weighting;
using Shared.Contracts.Models;

namespace Relay.Training.Data.Reading;

/// <summary>Reads rows one by one, each cell into the reader of its column.</summary>
/// <param name="columns">One per feature of the spec, in its order.</param>
/// <param name="labelReader">Null where there is none, or where it is known already.</param>
/// <param name="weightInputs">Null where they are known already.</param>
internal abstract class RowReader(ColumnReader[] columns, LabelColumnReader? labelReader, RowWeightInputs? weightInputs)
{
    public ColumnReader[] Columns { get; } = columns;

    public LabelColumnReader? LabelReader { get; } = labelReader;

    public RowWeightInputs? WeightInputs { get; } = weightInputs;

    /// <summary>Rows read so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Ends a row, after all its cells were read.</summary>
    public void EndRow()
    {
        Rows++;
        OnRow();
    }

    protected virtual void OnRow()
    {
    }
}
