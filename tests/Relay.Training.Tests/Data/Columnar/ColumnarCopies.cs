using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using ArrowField = Apache.Arrow.Field;

namespace Relay.Training.Tests.Data.Columnar;

/// <summary>Copies of a CSV file of numbers and texts as Parquet and Arrow files in several groups.</summary>
internal static class ColumnarCopies
{
    private const int GroupRows = 300;

    /// <param name="numbers">The columns that become doubles; others become texts.</param>
    public static async Task WriteParquetAsync(string csv, string path, params string[] numbers)
    {
        (string[] names, string[][] rows) = Read(csv);
        DataField[] fields =
            [.. names.Select(name => numbers.Contains(name) ? (DataField)new DataField<double?>(name) : new DataField<string>(name))];
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
        foreach (string[][] group in rows.Chunk(GroupRows))
        {
            using ParquetRowGroupWriter part = writer.CreateRowGroup();
            for (int c = 0; c < fields.Length; c++)
            {
                int column = c;
                if (numbers.Contains(names[c]))
                {
                    await part.WriteAsync<double>(fields[c], group.Select(row => Number(row[column])).ToArray(), null, null, default);
                }
                else
                {
                    await part.WriteAsync(fields[c], group.Select(row => row[column].Length == 0 ? null! : row[column]).ToArray());
                }
            }
        }
    }

    /// <summary>Texts are dictionaries.</summary>
    public static async Task WriteArrowAsync(string csv, string path, params string[] numbers)
    {
        (string[] names, string[][] rows) = Read(csv);
        IArrowType text = new DictionaryType(Int32Type.Default, StringType.Default, false);
        Schema schema = new([.. names.Select(name => new ArrowField(name, numbers.Contains(name) ? DoubleType.Default : text, true))], null);
        string[][] texts = [.. names.Select((_, c) => rows.Select(row => row[c]).Where(cell => cell.Length > 0).Distinct().ToArray())];
        StringArray[] dictionaries = [.. texts.Select(all => new StringArray.Builder().AppendRange(all).Build())];
        await using FileStream file = File.Create(path);
        using ArrowFileWriter writer = new(file, schema);
        foreach (string[][] group in rows.Chunk(GroupRows))
        {
            IArrowArray[] arrays =
            [
                .. names.Select((name, c) => numbers.Contains(name)
                    ? Doubles(group, c)
                    : Codes(group, c, texts[c], dictionaries[c], (DictionaryType)text)),
            ];
            await writer.WriteRecordBatchAsync(new RecordBatch(schema, arrays, group.Length));
        }

        await writer.WriteEndAsync();
    }

    private static IArrowArray Doubles(string[][] rows, int column)
    {
        DoubleArray.Builder builder = new();
        foreach (string[] row in rows)
        {
            builder = Number(row[column]) is { } value ? builder.Append(value) : builder.AppendNull();
        }

        return builder.Build();
    }

    private static IArrowArray Codes(string[][] rows, int column, string[] texts, StringArray dictionary, DictionaryType type)
    {
        Int32Array.Builder builder = new();
        foreach (string[] row in rows)
        {
            builder = row[column].Length == 0 ? builder.AppendNull() : builder.Append(System.Array.IndexOf(texts, row[column]));
        }

        return new DictionaryArray(type, builder.Build(), dictionary);
    }

    private static double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);

    private static (string[] Names, string[][] Rows) Read(string csv)
    {
        string[][] lines = [.. File.ReadLines(csv).Select(line => line.Split(','))];
        return (lines[0], lines[1..]);
    }
}
