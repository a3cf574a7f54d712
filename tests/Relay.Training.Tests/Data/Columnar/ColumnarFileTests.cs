using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Google.Protobuf;
using Parquet;
using Parquet.Schema;
using Relay.TestKit;
using Relay.Training.Data.Columnar;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using ArrowField = Apache.Arrow.Field;

namespace Relay.Training.Tests.Data.Columnar;

public sealed class ColumnarFileTests : IDisposable
{
    private static readonly string[] Numbers = ["rate", "size"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelAlgorithm.RandomForest)]
    [InlineData(ModelAlgorithm.GradientBoosting)]
    public async Task Train_CopiesOfACsvFile_GiveItsBytesButForTheDigestOfTheData(ModelAlgorithm algorithm)
    {
        (string csv, string parquet, string arrow) = await WriteCopiesAsync();
        ModelSpec spec = SmallModel.Spec() with { Algorithm = algorithm };

        byte[] fromCsv = Train(spec, csv);

        Assert.Equal(fromCsv, Train(spec, parquet));
        Assert.Equal(fromCsv, Train(spec, arrow));
    }

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
            await group.WriteAsync<DateOnly>(fields[8], new DateOnly?[] { new DateOnly(2026, 1, 31), null, new DateOnly(1999, 12, 1) }, null, null, default);
            await group.WriteAsync(fields[9], [Encoding.UTF8.GetBytes("tcp"), null!, []]);
        }

        Assert.Equal(
            [
                "0.1|0.1|1|18446744073709551615|1.25|true|ä, \"b\"|2026-01-31T23:59:59Z|2026-01-31|tcp",
                "||-2|||||||",
                "|3E+38|9223372036854775807|0|-3.00|false||2026-01-31T23:59:59.005Z|1999-12-01|",
            ],
            ReadAll(path));
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
                .Append(new DateTimeOffset(2026, 1, 31, 23, 59, 59, TimeSpan.Zero)).AppendNull().Append(DateTimeOffset.UnixEpoch.AddMilliseconds(5)).Build(),
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
            ReadAll(path));
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
            TrainingException refused = Assert.Throws<TrainingException>(() => ReadAll(nested));
            Assert.Equal(TrainingFault.InvalidData, refused.Fault);
            Assert.Contains("column 'c1': it is nested", refused.Message, StringComparison.Ordinal);
        }

        using RowFile read = RowFiles.Open(path, SpecOf(new ColumnSpec("c0", ColumnType.Number), new ColumnSpec("c1", ColumnType.Ignore)));
        Assert.True(read.Read());
        Assert.Equal("1", Encoding.UTF8.GetString(read.Field(0)));
    }

    [Theory]
    [InlineData("many", "rows.parquet:2, column 'rate': got 'many', expected a finite number")]
    [InlineData("1e999", "rows.parquet:2, column 'rate': got '1e999'")]
    public async Task Load_CellThatIsNoNumber_IsNamedByItsRow(string cell, string expected)
    {
        string csv = _folder.Combine("rows.csv");
        File.WriteAllText(csv, $"rate,size,protocol,verdict\n1,2,tcp,benign\n{cell},2,tcp,flood\n");
        await ColumnarCopies.WriteParquetAsync(csv, _folder.Combine("rows.parquet"));

        TrainingException refused = Assert.Throws<TrainingException>(
            () => Relay.Training.Data.DataLoader.Load(SmallModel.Spec(), _folder.Combine("rows.parquet"), null, null, TestContext.Current.CancellationToken));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ColumnThatIsMissing_IsNamedWithThoseThatAreThere()
    {
        (_, string parquet, string arrow) = await WriteCopiesAsync();
        ModelSpec spec = SmallModel.Spec();
        spec = spec with { Columns = [.. spec.Columns, new ColumnSpec("other", ColumnType.Number)] };

        foreach (string path in (string[])[parquet, arrow])
        {
            TrainingException refused = Assert.Throws<TrainingException>(
                () => Relay.Training.Data.DataLoader.Load(spec, path, null, null, TestContext.Current.CancellationToken));
            Assert.Contains("the header lacks 'other'", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Attack", "hostile-data-file")]
    public async Task Read_FileThatIsCutOffOrChanged_IsRefusedByNameOrReadAndNothingElse()
    {
        (_, string parquet, string arrow) = await WriteCopiesAsync();
        int refusals = 0;
        foreach (string path in (string[])[parquet, arrow])
        {
            byte[] whole = File.ReadAllBytes(path);
            Random random = new(11);
            string changed = _folder.Combine("changed" + Path.GetExtension(path));
            for (int round = 0; round < 150; round++)
            {
                byte[] bytes = round % 3 == 0 ? whole[..random.Next(8, whole.Length)] : [.. whole];
                for (int n = 0; round % 3 != 0 && n < 3; n++)
                {
                    // The end of a file says where everything is.
                    int at = round % 3 == 1 ? random.Next(8, bytes.Length) : random.Next(Math.Max(8, bytes.Length - 1500), bytes.Length);
                    bytes[at] = (byte)random.Next(256);
                }

                File.WriteAllBytes(changed, bytes);
                try
                {
                    ReadAll(changed);
                }
                catch (TrainingException refused)
                {
                    Assert.Equal(TrainingFault.InvalidData, refused.Fault);
                    Assert.Contains(Path.GetFileName(changed), refused.Message, StringComparison.Ordinal);
                    refusals++;
                }
            }
        }

        Assert.True(refusals > 150, $"{refusals} refusals");
    }

    [Fact]
    [Trait("Attack", "hostile-data-file")]
    public void Read_GroupOfTooManyRows_IsRefusedBeforeMemoryIsTaken()
    {
        string path = _folder.Combine("x");
        File.WriteAllText(path, "x");
        using ClaimedRows file = new(new FileStream(path, FileMode.Open), int.MaxValue);

        TrainingException refused = Assert.Throws<TrainingException>(() => file.Read());

        Assert.Contains("smaller groups", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finish_FileThatChangedMeanwhile_IsRefused()
    {
        (_, string parquet, _) = await WriteCopiesAsync();
        using RowFile file = RowFiles.Open(parquet, SmallModel.Spec());
        file.Read();
        using (FileStream writer = new(parquet, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.Position = 20;
            writer.WriteByte(1);
        }

        Assert.Contains("changed while it was read", Assert.Throws<TrainingException>(file.Finish).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PARE", "encrypted")]
    [InlineData("FEA1", "version 1")]
    public void Open_FormThatIsNotRead_SaysWhatToDo(string start, string expected)
    {
        string path = _folder.Combine("rows");
        File.WriteAllText(path, start + new string(' ', 20));

        Assert.Contains(expected, Assert.Throws<TrainingException>(() => ReadAll(path)).Message, StringComparison.Ordinal);
    }

    private static ModelSpec SpecOf(params ColumnSpec[] columns) => SmallModel.Spec() with { Columns = columns };

    private static List<string> ReadAll(string path)
    {
        List<string> rows = [];
        using RowFile file = RowFiles.OpenAll(path, new CsvSpec());
        while (file.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, file.FieldCount).Select(i => Encoding.UTF8.GetString(file.Field(i)))));
        }

        file.Finish();
        return rows;
    }

    // All but the digest of the data.
    private byte[] Train(ModelSpec spec, string path)
    {
        TrainingJob job = new(spec, 1, new DataOrigin.Files(path, null))
        {
            Accepted = new Dictionary<string, string> { ["class-recall"] = "few rows" },
        };
        TrainedModel trained = TrainingPipeline.CreateDefault().Run(job, cancellationToken: TestContext.Current.CancellationToken);
        ModelProto model = ModelProto.Parser.ParseFrom(trained.Artifact);
        StringStringEntryProto digest = model.MetadataProps.Single(p => p.Key == ModelMetadataKeys.DataDigest);
        Assert.Equal(Relay.Training.Data.DataDigest.Compute(path, TestContext.Current.CancellationToken), digest.Value);
        model.MetadataProps.Remove(digest);
        return model.ToByteArray();
    }

    private async Task<(string Csv, string Parquet, string Arrow)> WriteCopiesAsync()
    {
        SmallModel.WriteFiles(_folder.FullPath);
        string csv = _folder.Combine("rows.csv");
        string[] lines = File.ReadAllLines(_folder.Combine(SmallModel.TrainFile));
        File.WriteAllLines(csv, lines.Select((line, i) => i % 37 == 5 ? string.Create(CultureInfo.InvariantCulture, $",{line[(line.IndexOf(',') + 1)..]}") : line));
        (string parquet, string arrow) = (_folder.Combine("rows.parquet"), _folder.Combine("rows.arrow"));
        await ColumnarCopies.WriteParquetAsync(csv, parquet, Numbers);
        await ColumnarCopies.WriteArrowAsync(csv, arrow, Numbers);
        return (csv, parquet, arrow);
    }

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

    private sealed class ClaimedRows(FileStream stream, int rows) : ColumnarFile("x", stream)
    {
        public override IReadOnlyList<string> Header => ["c"];

        protected override int ColumnCount => 1;

        protected override int? OpenGroup() => rows;

        protected override ColumnCells?[] ReadGroup(int count) => throw new InvalidOperationException("Nothing is read.");
    }
}
