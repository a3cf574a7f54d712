using System.Globalization;
using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Node.Files;

namespace Sync.Node.Tests.Files;

/// <summary>'predict' and 'explain': CSV in and out, by the active release.</summary>
public sealed class FilePredictionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Rows => _folder.Combine("rows.csv");

    private string Answers => _folder.Combine("answers.csv");

    [Theory]
    [InlineData(ModelTask.Classification)]
    [InlineData(ModelTask.Regression)]
    [InlineData(ModelTask.AnomalyDetection)]
    [InlineData(ModelTask.Scaling)]
    public async Task Predict_EveryTask_WritesTheAnswerOfEachRow(ModelTask task)
    {
        TestModel model = task is ModelTask.Classification ? TestModel.Create(categories: 1) : TestModel.ForTask(task);
        await using ServingNode node = await ServingNode.StartAsync(model);
        WriteGolden(model, repeat: 100);

        Assert.Equal(0, FileCommands.Predict(node.Node, Rows, Answers, TestContext.Current.CancellationToken));

        string[] lines = await File.ReadAllLinesAsync(Answers, TestContext.Current.CancellationToken);
        Assert.Equal(1601, lines.Length);
        string[][] cells = [.. lines.Select(line => line.Split(','))];
        int labels = model.Schema.HasLabels ? 1 : 0;
        for (int row = 0; row < 1600; row++)
        {
            Assert.Equal(
                GoldenRows.Expected(model, row % 16),
                cells[row + 1][labels..].Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture)));
            Assert.Equal(model.Golden.LabelOf(row % 16), labels == 1 ? cells[row + 1][0] : null);
        }

        Assert.Equal(labels == 1 ? "label" : cells[0][0], cells[0][0]);
    }

    [Fact]
    public async Task Predict_RowsThatCannotBeRead_IsAnErrorAndNoFile()
    {
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());
        foreach (string csv in (string[])
        [
            "", "f0,f1,f2\n1,2,3\n", "f0,f1,f2,f3,f3\n1,2,3,4,5\n", "f0,f1,f2,f3\n1,2,3\n", "f0,f1,f2,f3\n1,2,3,4,5\n",
            "f0,f1,f2,f3\n1,2,3,x\n", "f0,f1,f2,f3\n1,2,3,NaN\n", "f0,f1,f2,f3\n1,2,3,1e39\n", "f0,f1,f2,f3\n1,2,3,\"4\n",
        ])
        {
            await File.WriteAllTextAsync(Rows, csv, TestContext.Current.CancellationToken);

            Assert.Equal(1, FileCommands.Predict(node.Node, Rows, Answers, TestContext.Current.CancellationToken));

            Assert.Equal([Rows], Directory.GetFiles(_folder.FullPath));
        }
    }

    [Fact]
    public async Task Predict_BeforeTheFirstReleaseOrWithoutAPath_IsAnError()
    {
        await using ServingNode empty = await ServingNode.StartAsync();
        await using ServingNode node = await ServingNode.StartAsync(TestModel.Create());

        Assert.Equal(1, FileCommands.Predict(empty.Node, Rows, Answers, TestContext.Current.CancellationToken));
        Assert.Equal(1, FileCommands.Predict(node.Node, "", Answers, TestContext.Current.CancellationToken));
        WriteGolden(TestModel.Create(), repeat: 1);
        Assert.Equal(1, FileCommands.Predict(node.Node, Rows, "", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Explain_File_AddsUpToTheScoreOfEachRow()
    {
        TestModel model = TestModel.Create(categories: 1);
        await using ServingNode node = await ServingNode.StartAsync(model);
        WriteGolden(model, repeat: 1);

        Assert.Equal(0, FileCommands.Explain(node.Node, Rows, Answers, TestContext.Current.CancellationToken));

        string[] lines = await File.ReadAllLinesAsync(Answers, TestContext.Current.CancellationToken);
        Assert.Equal("label,baseline,score,f0,f1,f2,f3,f4", lines[0]);
        Assert.Equal(17, lines.Length);
        Assert.All(lines[1..], line =>
        {
            double[] numbers = [.. line.Split(',')[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(numbers[1], numbers[0] + numbers[2..].Sum(), 5);
        });
    }

    [Theory]
    [InlineData("""{"f0":"tcp","f1":1,"f2":2}""", true)]
    [InlineData("""{"f0":null,"f1":null,"f2":2}""", true)]
    [InlineData("""{"f0":"tcp","f1":1}""", false)]
    [InlineData("""{"f0":"tcp","f1":1,"f2":2,"f3":3}""", false)]
    [InlineData("""{"f0":"tcp","f1":1,"f2":2,"f2":3}""", false)]
    [InlineData("""{"f0":1,"f1":1,"f2":2}""", false)]
    [InlineData("""{"f0":"tcp","f1":"1","f2":2}""", false)]
    [InlineData("""{"f0":"tcp","f1":1e39,"f2":2}""", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    public void JsonRow_OfAnyText_IsTheRowOrRefused(string json, bool isRow)
    {
        ModelSchema schema = TestModel.Create(numbers: 2, categories: 1).Schema;

        Exception? refused = Record.Exception(() => JsonRow.Read(json, schema));

        Assert.Equal(isRow, refused is null);
        Assert.True(refused is null or FileException, refused?.ToString());
    }

    public void Dispose() => _folder.Dispose();

    // The label column and another one stand in files of real data as well.
    private void WriteGolden(TestModel model, int repeat)
    {
        string[] golden = [.. Enumerable.Range(0, model.Golden.Rows).Select(row => string.Join(",", [
            .. model.CategoriesOf(row),
            .. model.NumbersOf(row).Select(n => float.IsNaN(n) ? "" : n.ToString("R", CultureInfo.InvariantCulture)), "\"a \"\"b\"\"\""]))];
        string header = string.Join(",", [.. model.Schema.Inputs.Select(input => input.Name), "verdict"]);
        File.WriteAllLines(Rows, [header, .. Enumerable.Repeat(golden, repeat).SelectMany(lines => lines)]);
    }
}
