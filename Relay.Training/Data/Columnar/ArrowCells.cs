using Apache.Arrow;
using Apache.Arrow.Types;
using Shared.Columnar;

namespace Relay.Training.Data.Columnar;

/// <summary>The cells of an Arrow array.</summary>
internal abstract class ArrowCells(string name) : ColumnCells(name)
{
    private delegate ReadOnlySpan<byte> Formatter<TArray>(ArrowCells cells, TArray array, int row);

    /// <summary>Why columns of a type are not read; null where they are.</summary>
    public static string? FindUnreadable(IArrowType type) => type switch
    {
        DictionaryType { ValueType: DictionaryType } => "a dictionary of dictionaries is not read",
        DictionaryType dictionary => FindUnreadable(dictionary.ValueType),
        NestedType => "it is nested (a list, a map or a record), expected one value per row; flatten it, or call it ignore",
        _ when type.TypeId is ArrowTypeId.Boolean or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
            or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64 or ArrowTypeId.HalfFloat or ArrowTypeId.Float
            or ArrowTypeId.Double or ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView or ArrowTypeId.Binary
            or ArrowTypeId.LargeBinary or ArrowTypeId.Decimal128 or ArrowTypeId.Date32 or ArrowTypeId.Date64 or ArrowTypeId.Timestamp
            or ArrowTypeId.Null => null,
        _ => $"the type {type.Name} is not read, expected numbers, texts, booleans, dates or times; convert it, or call it ignore",
    };

    public static ArrowCells Create(string name, IArrowArray array) => array switch
    {
        DictionaryArray dictionary => new Dictionary(name, dictionary),
        BooleanArray a => new Cells<BooleanArray>(name, a, (_, values, row) => Format(values.GetValue(row)!.Value)),
        Int8Array a => new Cells<Int8Array>(name, a, (cells, values, row) => cells.Format<sbyte>(values.Values[row])),
        Int16Array a => new Cells<Int16Array>(name, a, (cells, values, row) => cells.Format<short>(values.Values[row])),
        Int32Array a => new Cells<Int32Array>(name, a, (cells, values, row) => cells.Format<int>(values.Values[row])),
        Int64Array a => new Cells<Int64Array>(name, a, (cells, values, row) => cells.Format<long>(values.Values[row])),
        UInt8Array a => new Cells<UInt8Array>(name, a, (cells, values, row) => cells.Format<byte>(values.Values[row])),
        UInt16Array a => new Cells<UInt16Array>(name, a, (cells, values, row) => cells.Format<ushort>(values.Values[row])),
        UInt32Array a => new Cells<UInt32Array>(name, a, (cells, values, row) => cells.Format<uint>(values.Values[row])),
        UInt64Array a => new Cells<UInt64Array>(name, a, (cells, values, row) => cells.Format<ulong>(values.Values[row])),
        HalfFloatArray a => new Cells<HalfFloatArray>(name, a, (cells, values, row) => cells.Format((float)values.Values[row])),
        FloatArray a => new Cells<FloatArray>(name, a, (cells, values, row) => cells.Format(values.Values[row])),
        DoubleArray a => new Cells<DoubleArray>(name, a, (cells, values, row) => cells.Format(values.Values[row])),
        StringArray a => new Cells<StringArray>(name, a, (_, values, row) => values.GetBytes(row)),
        LargeStringArray a => new Cells<LargeStringArray>(name, a, (_, values, row) => values.GetBytes(row)),
        StringViewArray a => new Cells<StringViewArray>(name, a, (_, values, row) => values.GetBytes(row)),
        BinaryArray a => new Cells<BinaryArray>(name, a, (_, values, row) => values.GetBytes(row)),
        LargeBinaryArray a => new Cells<LargeBinaryArray>(name, a, (_, values, row) => values.GetBytes(row)),
        Decimal128Array a => new Cells<Decimal128Array>(name, a, (cells, values, row) => cells.Format(values.GetValue(row)!.Value)),
        Date32Array a => new Cells<Date32Array>(name, a, (cells, values, row) => cells.Format(values.GetDateOnly(row)!.Value, "yyyy-MM-dd")),
        Date64Array a => new Cells<Date64Array>(name, a, (cells, values, row) => cells.Format(values.GetDateOnly(row)!.Value, "yyyy-MM-dd")),
        TimestampArray a => new Cells<TimestampArray>(name, a, (cells, values, row) => cells.Format(values.GetTimestamp(row)!.Value.UtcDateTime)),
        NullArray => new Nothing(name),
        _ => throw new InvalidDataException($"an array of type {array.Data.DataType.Name}"),
    };

    private sealed class Cells<TArray>(string name, TArray array, Formatter<TArray> format) : ArrowCells(name)
        where TArray : IArrowArray
    {
        public override ReadOnlySpan<byte> Text(int row) => array.IsNull(row) ? [] : format(this, array, row);
    }

    private sealed class Dictionary(string name, DictionaryArray array) : ArrowCells(name)
    {
        private readonly ArrowCells _texts = Create(name, array.Dictionary);

        public override ReadOnlySpan<byte> Text(int row)
        {
            if (array.IsNull(row))
            {
                return [];
            }

            int index = array.Indices switch
            {
                Int8Array a => a.Values[row],
                Int16Array a => a.Values[row],
                Int32Array a => a.Values[row],
                Int64Array a => checked((int)a.Values[row]),
                UInt8Array a => a.Values[row],
                UInt16Array a => a.Values[row],
                UInt32Array a => checked((int)a.Values[row]),
                _ => throw new InvalidDataException($"indices of type {array.Indices.Data.DataType.Name}"),
            };
            return index >= 0 && index < array.Dictionary.Length
                ? _texts.Text(index)
                : throw new InvalidDataException($"the code {index} in a dictionary of {array.Dictionary.Length} texts");
        }
    }

    private sealed class Nothing(string name) : ArrowCells(name)
    {
        public override ReadOnlySpan<byte> Text(int row) => [];
    }
}
