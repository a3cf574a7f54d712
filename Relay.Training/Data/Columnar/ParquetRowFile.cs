using Shared.Columnar;

namespace Relay.Training.Data.Columnar;

/// <summary>A Parquet file, one row group at a time.</summary>
internal sealed class ParquetRowFile : ColumnarFile
{
    private readonly ParquetRowGroups _groups;

    /// <param name="columns">The columns to read; null for all.</param>
    /// <exception cref="TrainingException">The file is damaged, or a column has a type that is not read.</exception>
    public ParquetRowFile(string name, FileStream stream, IReadOnlySet<string>? columns)
        : base(name, stream) =>
        _groups = Guard(null, () => new ParquetRowGroups(stream, column => columns?.Contains(column) != false, orElse: ", or call it ignore"));

    public override IReadOnlyList<string> Header => _groups.Names;

    protected override int ColumnCount => _groups.Columns.Count(column => column is not null);

    public override void Dispose()
    {
        _groups.Dispose();
        base.Dispose();
    }

    protected override int? OpenGroup() => _groups.Open();

    protected override ColumnCells?[] ReadGroup(int rows) => Guard(null, () => _groups.Read(rows));
}
