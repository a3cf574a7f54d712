using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using Parquet.Schema;
using Relay.TestKit;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;
using ArrowField = Apache.Arrow.Field;

namespace Relay.Training.Tests.Data.Columnar;

/// <summary>Which types of columns are read, and as what text.</summary>
public sealed class ColumnTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_ParquetTypes_AreTheTextsOfACsvFile()
    {
        string path = _folder.Combine("types.parquet");
        DataField[] fields =
        [
            new DataField<double?>("double"), new DataField<float?>("float"), new DataField<long>("long"), new DataField<ulong?>("ulong"),
            new DecimalDataField("decimal", 10, 2, isNullable: true), new DataField<bool?>("bool"), new DataField<string>("text"),
            new DateTimeDataField("time", DateTimeFormat.Timestamp, isNullable: true, unit: DateTimeTimeUnit.Micros), new DataField<DateOnly?>("day"),
            new DataField<byte[]>("bytes"),
        ];
        await using (FileStream file = File.Create(path))
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync<double>(fields[0], new double?[] { 0.1, null, double.NaN }, null, null, default);
            await group.WriteAsync<float>(fields[1], new float?[] { 0.1f, null, 3e38f }, null, null, default);
            await group.WriteAsync<long>(fields[2], new long[] { 1, -2, long.MaxValue }, null, null, default);
            await group.WriteAsync<ulong>(fields[3], new ulong?[] { ulong.MaxValue, null, 0 }, null, null, default);
            await group.WriteAsync<decimal>(fields[4], new decimal?[] { 1.25m, null, -3m }, null, null, default);
            await group.WriteAsync<bool>(fields[5], new bool?[] { true, null, false }, null, null, default);
            await group.WriteAsync(fields[6], ["ä, \"b\"", null!, ""]);
            DateTime time = new(2026, 1, 31, 23, 59, 59, DateTimeKind.Utc);
            await group.WriteAsync<DateTime>(fields[7], new DateTime?[] { time, null, time.AddMilliseconds(5) }, null, null, default);
            DateOnly?[] days = [new(2026, 1, 31), null, new(1999, 12, 1)];
            await group.WriteAsync<DateOnly>(fields[8], days, null, null, default);
            await group.WriteAsync(fields[9], [Encoding.UTF8.GetBytes("tcp"), null!, []]);
        }

        Assert.Equal(
            [
                "0.1|0.1|1|18446744073709551615|1.25|true|ä, \"b\"|2026-01-31T23:59:59Z|2026-01-31|tcp",
                "||-2|||||||",
                "|3E+38|9223372036854775807|0|-3|false||2026-01-31T23:59:59.005Z|1999-12-01|",
            ],
            ColumnarFileTests.ReadAll(path));
    }

    [Fact]
    public async Task Open_ArrowTypes_AreTheTextsOfACsvFile()
    {
        IArrowArray[] arrays =
        [
            new DoubleArray.Builder().Append(0.1).AppendNull().Append(double.NaN).Build(),
            new FloatArray.Builder().Append(0.1f).AppendNull().Append(3e38f).Build(),
            new Int8Array.Builder().Append(1).Append(-2).Append(3).Build(),
            new UInt64Array.Builder().Append(ulong.MaxValue).AppendNull().Append(0).Build(),
            new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build(),
            new StringArray.Builder().Append("ä, \"b\"").AppendNull().Append("").Build(),
            new TimestampArray.Builder(new TimestampType(TimeUnit.Millisecond, "UTC"))
                .Append(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero)).AppendNull()
                .Append(DateTimeOffset.UnixEpoch.AddMilliseconds(5)).Build(),
            new Date32Array.Builder().Append(new DateOnly(2026, 1, 31)).AppendNull().Append(new DateOnly(1999, 12, 1)).Build(),
            new NullArray(3),
        ];
        string path = await WriteArrowAsync("types.arrow", arrays);

        Assert.Equal(
            [
                "0.1|0.1|1|18446744073709551615|true|ä, \"b\"|2026-01-31T23:59:59Z|2026-01-31|",
                "||-2||||||",
                "|3E+38|3|0|false||1970-01-01T00:00:00.005Z|1999-12-01|",
            ],
            ColumnarFileTests.ReadAll(path));
    }

    [Fact]
    public async Task Open_NestedColumn_IsRefusedByNameUnlessItIsNotRead()
    {
        ListArray.Builder lists = new(Int32Type.Default);
        lists.Append();
        ((Int32Array.Builder)lists.ValueBuilder).Append(1);
        string path = await WriteArrowAsync("nested.arrow", new DoubleArray.Builder().Append(1).Build(), lists.Build());
        string parquet = _folder.Combine("nested.parquet");
        ParquetSchema schema = new(new DataField<double>("c0"), new ListField("c1", new DataField<int>("element")));
        await using (FileStream file = File.Create(parquet))
        {
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
        }

        foreach (string nested in (string[])[path, parquet])
        {
            TrainingException refused = Assert.Throws<TrainingException>(() => ColumnarFileTests.ReadAll(nested));
            Assert.Equal(TrainingFault.InvalidData, refused.Fault);
            Assert.Contains("column 'c1': it is nested", refused.Message, StringComparison.Ordinal);
        }

        using RowFile read = RowFiles.Open(path, SpecOf(new ColumnSpec("c0", ColumnType.Number), new ColumnSpec("c1", ColumnType.Ignore)));
        Assert.True(read.Read());
        Assert.Equal("1", Encoding.UTF8.GetString(read.Field(0)));
    }

    private static ModelSpec SpecOf(params ColumnSpec[] columns) => SmallModel.Spec() with { Columns = columns };

    private async Task<string> WriteArrowAsync(string name, params IArrowArray[] arrays)
    {
        string path = _folder.Combine(name);
        Schema schema = new([.. arrays.Select((a, i) => new ArrowField($"c{i}", a.Data.DataType, true))], null);
        await using FileStream file = File.Create(path);
        using ArrowFileWriter writer = new(file, schema);
        await writer.WriteRecordBatchAsync(new RecordBatch(schema, arrays, arrays[0].Length));
        await writer.WriteEndAsync();
        return path;
    }
}
