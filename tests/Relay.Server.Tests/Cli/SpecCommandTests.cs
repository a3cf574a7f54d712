using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli;

public sealed class SpecCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DraftAndCheck_FileOfANewcomer_GivesASpecThatTrainingTakes()
    {
        string data = await WriteAsync("log.csv", "size;kind;verdict", i => $"{i * 7 % 60};k{i % 2};{(i % 3 == 0 ? "benign" : "attack")}");
        string spec = _folder.Combine("spec.json");

        RelayCommandRun draft = await RelayCommandRun.RunAsync(["spec", "draft", data, "--output", spec, "--name", "traffic"]);
        RelayCommandRun check = await RelayCommandRun.RunAsync(["spec", "check", spec, "--train", data]);

        Assert.Equal((0, 0), (draft.Code, check.Code));
        Assert.Contains("'verdict' is the label, with 2 classes", draft.Output, StringComparison.Ordinal);
        Assert.Contains("45 training rows and 15 held-out rows", check.Output, StringComparison.Ordinal);
        Assert.Contains("A training run takes this spec and these rows.", check.Output, StringComparison.Ordinal);
        Assert.Equal("traffic", ModelSpecParser.Parse(await File.ReadAllBytesAsync(spec, Cancel)).Name);
    }

    [Fact]
    public async Task Draft_WithoutOutput_PrintsTheSpecAloneAndNotesAsErrors()
    {
        string data = await WriteAsync("log.csv", "size,verdict", i => $"{i % 5},{(i % 3 == 0 ? "benign" : "attack")}");

        RelayCommandRun draft = await RelayCommandRun.RunAsync(["spec", "draft", data]);

        Assert.Equal("benign", ModelSpecParser.Parse(System.Text.Encoding.UTF8.GetBytes(draft.Output)).Label.Benign);
        Assert.Contains("60 rows", draft.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draft_FileThatExists_Stays()
    {
        string data = await WriteAsync("log.csv", "size,verdict", i => $"{i % 5},{i % 3}");

        RelayCommandRun draft = await RelayCommandRun.RunAsync(["spec", "draft", data, "--output", data]);

        Assert.Equal(1, draft.Code);
        Assert.Contains("the file exists", draft.Error, StringComparison.Ordinal);
        Assert.StartsWith("size,verdict", await File.ReadAllTextAsync(data, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_RowsThatContradictEachOther_FailsWithTheGate()
    {
        string data = await WriteAsync("log.csv", "size,verdict", i => $"1,{(i % 2 == 0 ? "benign" : "attack")}");
        string spec = _folder.Combine("spec.json");
        await RelayCommandRun.RunAsync(["spec", "draft", data, "--output", spec]);
        await File.AppendAllTextAsync(data, "2,attack\n3,benign\n", Cancel);

        RelayCommandRun check = await RelayCommandRun.RunAsync(["spec", "check", spec, "--train", data]);

        Assert.Equal(1, check.Code);
        Assert.Contains("a training run would refuse this", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SpecWithDefaults_LeavesThemOutAndReadsAsTheSame()
    {
        ModelSpec spec = ModelSpecParser.Parse(
            """
            {"name":"a","task":"classification","algorithm":"random-forest","columns":[{"name":"ä","type":"number"},{"name":"y","type":"label"}],
             "parameters":{"trees":5},"csv":{"delimiter":";"}}
            """u8.ToArray());

        string text = SpecText.Write(spec);

        Assert.Equal(
            """
            {
              "name": "a",
              "task": "classification",
              "algorithm": "random-forest",
              "columns": [
                {"name":"ä","type":"number"},
                {"name":"y","type":"label"}
              ],
              "csv": {"delimiter":";"},
              "parameters": {"trees":5}
            }

            """, text);
        Assert.Equal(SpecText.Write(spec), SpecText.Write(ModelSpecParser.Parse(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    private async Task<string> WriteAsync(string name, string header, Func<int, string> row)
    {
        string path = _folder.Combine(name);
        await File.WriteAllLinesAsync(path, [header, .. Enumerable.Range(0, 60).Select(row)], Cancel);
        return path;
    }
}
