using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Relay.Training.Engines.Common.Binning;

namespace Relay.Training.Data.Streaming;

/// <summary>The row reader of the second pass over training rows: turns each row into bins.</summary>
/// <param name="row">What the columns fill.</param>
internal sealed class BinReader(ColumnReader[] columns, byte[] row, RowMerger merger) : RowReader(columns, null, null)
{
    protected override void OnRow() => merger.Add(row);
}
