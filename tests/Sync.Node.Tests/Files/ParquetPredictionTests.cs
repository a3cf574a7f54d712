using System.Globalization;
using Parquet;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Node.Files;

namespace Sync.Node.Tests.Files;

/// <summary>'predict' and 'explain' with Parquet in, or out, or both: the answers of the CSV file.</summary>
public sealed class ParquetPredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string CsvRows => _folder.Combine("rows.csv");

    private string ParquetRows => _folder.Combine("rows");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    [InlineData(ModelTask.Scaling)]
    public async Task Predict_EachFormInAndOut_GivesTheSameAnswers(ModelTask task)
    {
        TestModel model = task is ModelTask.Classification ? TestModel.Create(version: 3, categories: 1) : TestModel.ForTask(task, version: 3);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await WriteGoldenAsync(model);
        string[][] expected = await PredictCsvAsync(node, CsvRows);

        Assert.Equal(expected, await PredictCsvAsync(node, ParquetRows));

        foreach (string rows in (string[])[CsvRows, ParquetRows])
        {
            string answers = _folder.Combine("answers.PARQUET");
            Assert.Equal(0, FileCommands.Predict(node.Node, rows, answers, Cancel));
            (string[] names, IReadOnlyDictionary<string, string> origin) = await ParquetTestColumn.DescribeAsync(answers);
            Assert.Equal(expected[0], names);
            for (int column = 0; column < names.Length; column++)
            {
                Assert.Equal(expected[1..].Select(row => row[column]), await ReadAsync(answers, names[column]));
            }

            Assert.Equal(
                [(model.Description.Name, "3", model.Sha256, "1")],
                [(origin["relay.model"], origin["relay.version"], origin["relay.sha256"], origin["relay.release"])]);
        }
    }

    [Fact]
    public async Task Predict_EachTypeThatFits_IsReadAsItsTextInCsv()
    {
        TestModel model = TestModel.Create(numbers: 6, categories: 4);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await File.WriteAllTextAsync(
            CsvRows,
            "f0,f1,f2,f3,f4,f5,f6,f7,f8,f9\ntcp,true,7,2026-01-31,0.1,0.25,-3,0.5,1,\n,,,,,,,,,\nudp,false,-1,1999-12-01,1e-9,3,4,-0.75,2,5\n",
            Cancel);
        await ParquetTestColumn.WriteAsync(
            ParquetRows,
            ParquetTestColumn.Values<decimal>("f7", 0.5m, null, -0.75m), ParquetTestColumn.Values<byte>("f8", 1, null, 2),
            ParquetTestColumn.Texts("f9", ["", null, "5"]), ParquetTestColumn.Values<double>("f4", 0.1, double.NaN, 1e-9),
            ParquetTestColumn.Values<float>("f5", 0.25f, null, 3), ParquetTestColumn.Values<long>("f6", -3, null, 4),
            ParquetTestColumn.Texts("f0", ["tcp", null, "udp"]), ParquetTestColumn.Values<bool>("f1", true, null, false),
            ParquetTestColumn.Values<int>("f2", 7, null, -1),
            ParquetTestColumn.Values<DateOnly>("f3", new DateOnly(2026, 1, 31), null, new DateOnly(1999, 12, 1)));

        Assert.Equal(await PredictCsvAsync(node, CsvRows), await PredictCsvAsync(node, ParquetRows));
    }

    [Theory]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Zstd)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Lz4Raw)]
    [InlineData(CompressionMethod.LZ4)]
    public async Task Predict_CompressedFile_IsRead(CompressionMethod packing)
    {
        TestModel model = TestModel.Create(numbers: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await ParquetTestColumn.WriteAsync(
            ParquetRows, 10, packing, ParquetTestColumn.Values<double>("f0", [.. Enumerable.Range(0, 25).Select(i => (double?)i)]));

        Assert.Equal(26, (await PredictCsvAsync(node, ParquetRows)).Length);
    }

    [Fact]
    public async Task Explain_ParquetOut_HasTheNumbersOfCsv()
    {
        TestModel model = TestModel.Create(categories: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await WriteGoldenAsync(model);
        (string csv, string parquet) = (_folder.Combine("reasons.csv"), _folder.Combine("reasons.parquet"));

        Assert.Equal(0, FileCommands.Explain(node.Node, CsvRows, csv, Cancel));
        Assert.Equal(0, FileCommands.Explain(node.Node, ParquetRows, parquet, Cancel));

        string[][] expected = [.. (await File.ReadAllLinesAsync(csv, Cancel)).Select(line => line.Split(','))];
        for (int column = 0; column < expected[0].Length; column++)
        {
            Assert.Equal(expected[1..].Select(row => row[column]), await ReadAsync(parquet, expected[0][column]));
        }
    }

    [Theory]
    [InlineData("answers.ndjson")]
    [InlineData("answers.csv.gz")]
    [InlineData("answers.arrow")]
    public async Task Predict_OutputInAFormThatIsNotWritten_IsAnErrorAndNoFile(string output)
    {
        TestModel model = TestModel.Create(categories: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await WriteGoldenAsync(model);

        Assert.Equal(1, FileCommands.Predict(node.Node, ParquetRows, _folder.Combine(output), Cancel));

        Assert.Equal([ParquetRows, CsvRows], Directory.GetFiles(_folder.FullPath).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Explain_InputNamedAsAColumnOfReasons_IsRefusedForParquetAlone()
    {
        TestModel model = TestModel.Create(numbers: 2, names: ["rate", "score"]);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await File.WriteAllTextAsync(CsvRows, "rate,score\n1,2\n", Cancel);

        Assert.Equal(1, FileCommands.Explain(node.Node, CsvRows, _folder.Combine("reasons.parquet"), Cancel));
        Assert.Equal([CsvRows], Directory.GetFiles(_folder.FullPath));
        Assert.Equal(0, FileCommands.Explain(node.Node, CsvRows, _folder.Combine("reasons.csv"), Cancel));
    }

    [Fact]
    public async Task Predict_Canceled_LeavesNoFile()
    {
        TestModel model = TestModel.Create(categories: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        await WriteGoldenAsync(model);

        Assert.Throws<OperationCanceledException>(
            () => FileCommands.Predict(node.Node, ParquetRows, _folder.Combine("answers.parquet"), new CancellationToken(canceled: true)));

        Assert.Equal([ParquetRows, CsvRows], Directory.GetFiles(_folder.FullPath).Order(StringComparer.Ordinal));
    }

    // As CSV writes the cells.
    private static async Task<IEnumerable<string>> ReadAsync(string path, string column) =>
        (await ParquetTestColumn.ReadAsync(path, column)).Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell}"));

    private async Task<string[][]> PredictCsvAsync(ServingNode node, string rows)
    {
        string answers = _folder.Combine("answers.csv");
        Assert.Equal(0, FileCommands.Predict(node.Node, rows, answers, Cancel));
        return [.. (await File.ReadAllLinesAsync(answers, Cancel)).Select(line => line.Split(','))];
    }

    // 80 golden rows in both forms, with a column that is no input; the Parquet file has row groups of 33.
    private async Task WriteGoldenAsync(TestModel model)
    {
        int[] rows = [.. Enumerable.Range(0, 5 * model.Golden.Rows).Select(row => row % model.Golden.Rows)];
        int categories = model.Golden.Categories[0].Count;
        ParquetTestColumn[] columns =
        [
            ParquetTestColumn.Texts("verdict", [.. rows.Select(_ => "benign")]),
            .. model.Schema.Inputs.Select((input, place) => place < categories
                ? ParquetTestColumn.Texts(input.Name, [.. rows.Select(row => model.CategoriesOf(row)[place])])
                : ParquetTestColumn.Values<float>(input.Name, [.. rows.Select(row => model.Golden.Numbers[row][place - categories])])),
        ];
        await ParquetTestColumn.WriteAsync(ParquetRows, 33, CompressionMethod.Snappy, columns);
        await File.WriteAllLinesAsync(CsvRows, [
            string.Join(",", model.Schema.Inputs.Select(input => input.Name)),
            .. rows.Select(row => string.Join(",", [
                .. model.CategoriesOf(row), .. model.Golden.Numbers[row].Select(n => n?.ToString("R", CultureInfo.InvariantCulture) ?? "")])),
        ], Cancel);
    }
}
