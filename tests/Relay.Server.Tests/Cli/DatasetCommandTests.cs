using System.Security.Cryptography;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Cli;

public sealed class DatasetCommandTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private const string Spec = """
        {"name":"cli","columns":[{"name":"length","type":"number","nodes":true},{"name":"verdict","type":"label"}],
        "label":{"classes":["good","bad"]},"limits":{"maxRows":10}}
        """;

    [Fact]
    public async Task CreateUploadLabelExportForgetAndDelete_BesideARunningRelay_SayWhatBecameOfIt()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("cli.json"), Spec);
        File.WriteAllText(folder.Combine("rows.csv"), "id,length\na,1\nb,2\nc,x\n");
        File.WriteAllText(folder.Combine("labels.ndjson"), """{"id":"a","label":"bad"}""");
        File.WriteAllText(folder.Combine("ids.txt"), "b\n\nnever\n");

        RelayCommandRun created = await RunAsync("create", folder.Combine("cli.json"));
        RelayCommandRun twice = await RunAsync("create", folder.Combine("cli.json"));
        RelayCommandRun uploaded = await RunAsync("upload", "cli", folder.Combine("rows.csv"));
        RelayCommandRun again = await RunAsync("upload", "cli", folder.Combine("rows.csv"), "--json");
        RelayCommandRun labeled = await RunAsync("label", "cli", folder.Combine("labels.ndjson"));
        RelayCommandRun exported = await RunAsync("export", "cli", "--output", folder.Combine("out.csv"), "--json");
        RelayCommandRun forgotten = await RunAsync("forget", "cli", "a", "--ids", folder.Combine("ids.txt"));
        RelayCommandRun shown = await RunAsync("show", "cli");
        RelayCommandRun listed = await RunAsync("list", "--json");
        RelayCommandRun deleted = await RunAsync("delete", "cli");

        Assert.Equal((0, CommandLine.Failed), (created.Code, twice.Code));
        Assert.Equal(CommandLine.Failed, uploaded.Code);
        Assert.Contains("2 accepted, 0 there already, 1 refused", uploaded.Output, StringComparison.Ordinal);
        Assert.Contains("line 4, column 'length': InvalidValue", uploaded.Output, StringComparison.Ordinal);
        Assert.Equal((0, 2), Read(again));
        Assert.Equal(0, labeled.Code);
        Assert.Equal("id,length,verdict\na,1,bad\nb,2,\n", File.ReadAllText(folder.Combine("out.csv")));
        Assert.Contains(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.Combine("out.csv")))), exported.Output, StringComparison.Ordinal);
        Assert.Contains("2 samples are deleted, 1 were not there", forgotten.Output, StringComparison.Ordinal);
        Assert.Contains("length: number, nodes may send it", shown.Output, StringComparison.Ordinal);
        Assert.Contains("no sample has a label", shown.Output, StringComparison.Ordinal);
        Assert.Contains("3 rows and labels accepted, 2 sent again, 2 refused", shown.Output, StringComparison.Ordinal);
        Assert.Contains("refused, InvalidValue: 2", shown.Output, StringComparison.Ordinal);
        IEnumerable<DatasetView> datasets =
            listed.Output.Trim().Split('\n').Select(line => JsonSerializer.Deserialize(line, RelayApiJson.Default.DatasetView)!);
        Assert.Equal(3, Assert.Single(datasets, dataset => dataset.Name == "cli").Forgotten);
        Assert.Equal(0, deleted.Code);
    }

    [Fact]
    public async Task Show_SamplesWithLabels_HasTheirBalance()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("balance.json"), Spec.Replace("\"cli\"", "\"balance\"", StringComparison.Ordinal));
        File.WriteAllText(folder.Combine("rows.csv"), "id,length,verdict\na,1,bad\nb,2,bad\nc,3,good\n");
        await RunAsync("create", folder.Combine("balance.json"));
        await RunAsync("upload", "balance", folder.Combine("rows.csv"));

        RelayCommandRun shown = await RunAsync("show", "balance");

        Assert.Contains("samples by label:", shown.Output, StringComparison.Ordinal);
        Assert.Contains("bad: 2, 66.7 %", shown.Output, StringComparison.Ordinal);
        Assert.Contains("good: 1, 33.3 %", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_OtherColumns_IsRefusedAndOtherLimitsAreNot()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("a.json"), Spec.Replace("\"cli\"", "\"update\"", StringComparison.Ordinal));
        await RunAsync("create", folder.Combine("a.json"));
        string spec = File.ReadAllText(folder.Combine("a.json"));
        File.WriteAllText(folder.Combine("b.json"), spec.Replace("number", "category", StringComparison.Ordinal));
        File.WriteAllText(
            folder.Combine("c.json"),
            spec.Replace("10", "20", StringComparison.Ordinal).Replace("true", "false", StringComparison.Ordinal));

        RelayCommandRun columns = await RunAsync("update", folder.Combine("b.json"));
        RelayCommandRun limits = await RunAsync("update", folder.Combine("c.json"));
        RelayCommandRun shown = await RunAsync("show", "update");

        Assert.Equal((CommandLine.Failed, 0), (columns.Code, limits.Code));
        Assert.Contains("20 samples", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nodes may send it", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","columns":[],"colums":[]}""")]
    [InlineData("""{"name":"x","columns":[{"name":"a","type":"text"}]}""")]
    [InlineData("not json")]
    public async Task Create_FileThatIsNoSpec_NamesTheFileAndThePlace(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("bad.json"), text);

        RelayCommandRun run = await RunAsync("create", folder.Combine("bad.json"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("bad.json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_FileOfAnotherForm_SaysWhichAreTaken()
    {
        RelayCommandRun run = await RunAsync("upload", "cli", "rows.xls");

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(".parquet", run.Error, StringComparison.Ordinal);
    }

    private static (long Accepted, long Duplicates) Read(RelayCommandRun run)
    {
        UploadReport report = JsonSerializer.Deserialize(run.Output, RelayApiJson.Default.UploadReport)!;
        return (report.Accepted, report.Duplicates);
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(
        fixture.Relay, ["dataset", .. arguments]);
}
