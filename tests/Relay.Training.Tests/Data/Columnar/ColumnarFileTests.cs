using System.Text;
using Google.Protobuf;
using Relay.TestKit;
using Relay.Training.Data.Columnar;
using Relay.Training.Data.Csv;
using Relay.Training.Data.Reading;
using Shared.Columnar;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

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

    [Theory]
    [InlineData("many", "rows.parquet:2, column 'rate': got 'many', expected a finite number")]
    [InlineData("1e999", "rows.parquet:2, column 'rate': got '1e999'")]
    public async Task Load_CellThatIsNoNumber_IsNamedByItsRow(string cell, string expected)
    {
        string csv = _folder.Combine("rows.csv");
        File.WriteAllText(csv, $"rate,size,protocol,verdict\n1,2,tcp,benign\n{cell},2,tcp,flood\n");
        await ColumnarCopies.WriteParquetAsync(csv, _folder.Combine("rows.parquet"));

        TrainingException refused = Assert.Throws<TrainingException>(
            () => Relay.Training.Data.DataLoader.Load(
                SmallModel.Spec(), _folder.Combine("rows.parquet"), null, null, TestContext.Current.CancellationToken));

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

    internal static List<string> ReadAll(string path)
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
        File.WriteAllLines(csv, lines.Select((line, i) => i % 37 == 5 ? line[line.IndexOf(',')..] : line));
        (string parquet, string arrow) = (_folder.Combine("rows.parquet"), _folder.Combine("rows.arrow"));
        await ColumnarCopies.WriteParquetAsync(csv, parquet, Numbers);
        await ColumnarCopies.WriteArrowAsync(csv, arrow, Numbers);
        return (csv, parquet, arrow);
    }

    private sealed class ClaimedRows(FileStream stream, int rows) : ColumnarFile("x", stream)
    {
        public override IReadOnlyList<string> Header => ["c"];

        protected override int ColumnCount => 1;

        protected override int? OpenGroup() => rows;

        protected override ColumnCells?[] ReadGroup(int count) => throw new InvalidOperationException("Nothing is read.");
    }
}
