using System.Text;
using Parquet;
using Parquet.Schema;

namespace Shared.Columnar;

/// <summary>Reads one column of a row group.</summary>
internal abstract class ParquetColumn(DataField field)
{
    private delegate ReadOnlySpan<byte> Formatter<T>(TextCells cells, T value);

    public DataField Field { get; } = field;

    public string Name => Field.Name;

    public CellKind Kind => Field.ClrType switch
    {
        var t when t == typeof(bool) => CellKind.Truth,
        var t when t == typeof(DateTime) || t == typeof(DateOnly) => CellKind.Time,
        var t when t.IsPrimitive || t == typeof(decimal) => CellKind.Number,
        _ => CellKind.Text,
    };

    /// <returns>Null for a type that is not read.</returns>
    public static ParquetColumn? Create(DataField field) => field.ClrType switch
    {
        var t when t == typeof(double) => new Values<double>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(float) => new Values<float>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(int) => new Values<int>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(long) => new Values<long>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(short) => new Values<short>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(sbyte) => new Values<sbyte>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(byte) => new Values<byte>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(ushort) => new Values<ushort>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(uint) => new Values<uint>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(ulong) => new Values<ulong>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(decimal) => new Values<decimal>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(bool) => new Values<bool>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(DateTime) => new Values<DateTime>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(DateOnly) => new Values<DateOnly>(field, (cells, v) => cells.Write(v)),
        var t when t == typeof(ReadOnlyMemory<char>) || t == typeof(string) => new Texts(field),
        var t when t == typeof(ReadOnlyMemory<byte>) || t == typeof(byte[]) => new Bytes(field),
        _ => null,
    };

    public abstract ColumnCells Read(ParquetRowGroupReader group, int rows);

    // A column chunk that holds fewer values than the group has rows would leave the rest as it was: missing.
    protected void RequireValues(ParquetRowGroupReader group, int rows)
    {
        if (group.GetMetadata(Field)?.MetaData?.NumValues is not { } values || values != rows)
        {
            throw new InvalidDataException($"the group has {rows} rows, and another number of values of the column");
        }
    }

    private abstract class TextCells(string name) : ColumnCells(name)
    {
        public ReadOnlySpan<byte> Write(double value) => Format(value);

        public ReadOnlySpan<byte> Write(float value) => Format(value);

        public ReadOnlySpan<byte> Write(decimal value) => Format(value);

        public ReadOnlySpan<byte> Write(bool value) => Format(value);

        public ReadOnlySpan<byte> Write(DateTime value) => Format(value);

        public ReadOnlySpan<byte> Write(DateOnly value) => Format(value, "yyyy-MM-dd");

        public ReadOnlySpan<byte> Write<T>(T value)
            where T : IUtf8SpanFormattable => Format<T>(value);
    }

    private sealed class Values<T>(DataField field, Formatter<T> format) : ParquetColumn(field)
        where T : struct
    {
        public override ColumnCells Read(ParquetRowGroupReader group, int rows)
        {
            RequireValues(group, rows);

            // Of a column without missing values the library fills in no levels, and would take what is in its memory for them.
            if (Field.MaxDefinitionLevel == 0)
            {
                T[] all = new T[rows];
                group.ReadAsync<T>(Field, all).AsTask().GetAwaiter().GetResult();
                return new Required(Field.Name, all, format);
            }

            T?[] values = new T?[rows];
            group.ReadAsync<T>(Field, values).AsTask().GetAwaiter().GetResult();
            return new Cells(Field.Name, values, format);
        }

        private sealed class Required(string name, T[] values, Formatter<T> format) : TextCells(name)
        {
            public override ReadOnlySpan<byte> Text(int row) => format(this, values[row]);
        }

        private sealed class Cells(string name, T?[] values, Formatter<T> format) : TextCells(name)
        {
            public override ReadOnlySpan<byte> Text(int row) => values[row] is { } value ? format(this, value) : [];
        }
    }

    private sealed class Texts(DataField field) : ParquetColumn(field)
    {
        public override ColumnCells Read(ParquetRowGroupReader group, int rows)
        {
            RequireValues(group, rows);
            string?[] texts = new string?[rows];
            group.ReadAsync(Field, texts!).AsTask().GetAwaiter().GetResult();
            return new Cells(Field.Name, texts);
        }

        private sealed class Cells(string name, string?[] texts) : ColumnCells(name)
        {
            private byte[] _utf8 = new byte[256];

            public override ReadOnlySpan<byte> Text(int row)
            {
                string text = texts[row] ?? "";

                // The library replaces what is not UTF-8, so that different texts became one.
                if (text.Contains('\uFFFD'))
                {
                    throw new InvalidDataException("a text is not UTF-8, or has the mark of broken text, U+FFFD; convert the column");
                }

                int bound = Encoding.UTF8.GetMaxByteCount(text.Length);
                _utf8 = bound > _utf8.Length ? new byte[bound] : _utf8;
                return _utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8));
            }
        }
    }

    private sealed class Bytes(DataField field) : ParquetColumn(field)
    {
        public override ColumnCells Read(ParquetRowGroupReader group, int rows)
        {
            RequireValues(group, rows);
            byte[]?[] texts = new byte[]?[rows];
            group.ReadAsync(Field, texts!).AsTask().GetAwaiter().GetResult();
            return new Cells(Field.Name, texts);
        }

        private sealed class Cells(string name, byte[]?[] texts) : ColumnCells(name)
        {
            public override ReadOnlySpan<byte> Text(int row) => texts[row];
        }
    }
}
