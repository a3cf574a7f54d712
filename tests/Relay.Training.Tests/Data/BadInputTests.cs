using Relay.Training.Data;
using Relay.Training.Data.Reading;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Data;

/// <summary>Each kind of bad input has a reason of its own, with file, line and column where there is one. All of it is found by both ways of
/// reading: into columns and into bins.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly CsvFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string> Files => new()
    {
        { "a row with fewer fields", Text("1,a,tcp,0.5"), "a.csv:6: got 4 fields, expected 5" },
        { "a row with more fields", Text("1,a,tcp,0.5,good,x"), "a.csv:6: got 6 fields, expected 5" },
        { "a row of 10,000 fields", Text(string.Join(',', Enumerable.Repeat("1", 10_000))), "a.csv:6: got 10000 fields, expected 5" },
        { "a text where a number belongs", Text("1,a,tcp,fast,good"), "a.csv:6, column 'rate': got 'fast'" },
        { "infinity where a number belongs", Text("1,a,tcp,-inf,good"), "a.csv:6, column 'rate': got '-inf'" },
        { "an empty label", Text("1,a,tcp,1,"), "a.csv:6, column 'verdict': got ''" },
        { "a quote that never closes", Text("1,a,\"tcp,1,good\n" + string.Concat(Enumerable.Repeat("2,b,udp,2,bad\n", 10))), "a.csv:6: not well-formed CSV" },
        { "a line without an end", Text(new string('9', 3 << 20)), "a.csv:6: not well-formed CSV" },
        { "a header without an end", new string('a', 3 << 20), "a.csv:1: not well-formed CSV" },
        { "a class of one row", Text("1,a,tcp,1,seldom"), "'seldom: 1'" },
    };

    [Theory]
    [Trait("Attack", "bad-training-data")]
    [MemberData(nameof(Files))]
    public void Load_BadFile_IsRefusedWithItsReasonByBothWaysOfReading(string kind, string text, string expected)
    {
        string path = _folder.WriteText("a.csv", text);
        string sound = _folder.Write("b.csv", [CsvFolder.Header, .. CsvFolder.Rows]);

        TrainingException columns = Assert.Throws<TrainingException>(() => DataLoader.Load(new DataSource(CsvFolder.Spec, path, sound)));
        TrainingException binned = Assert.Throws<TrainingException>(() => DataLoader.LoadBinned(new DataSource(CsvFolder.Spec, path, sound)));

        Assert.True(columns.Message.Contains(expected, StringComparison.Ordinal), $"{kind}: {columns.Message[..Math.Min(300, columns.Message.Length)]}");
        Assert.Equal((columns.Fault, columns.Message), (binned.Fault, binned.Message));
        Assert.InRange(columns.Message.Length, 1, 1000);
    }

    [Theory]
    [Trait("Attack", "bad-training-data")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-inf")]
    [InlineData("1e39")]
    [InlineData("")]
    public void Load_NumberToLearnThatIsNone_IsRefusedWithLineAndColumn(string label)
    {
        ModelSpec spec = CsvFolder.Spec with { Task = ModelTask.Regression, Label = new LabelSpec() };
        string path = _folder.Write("a.csv", CsvFolder.Header, "1,a,tcp,1,2", $"1,a,tcp,1,{label}");

        TrainingException refused = Assert.Throws<TrainingException>(() => DataLoader.Load(spec, path, null, null, default));

        Assert.Equal(TrainingFault.InvalidData, refused.Fault);
        Assert.Contains($"a.csv:3, column 'verdict': got '{label}', expected a finite number to learn", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("N/A")]
    [InlineData("inf")]
    public void Load_ClassThatLooksLikeAMissingLabel_IsToldAndRefusedOnceTheSpecSaysSo(string label)
    {
        string path = _folder.Write("a.csv", [CsvFolder.Header, .. CsvFolder.Rows, $"1,a,tcp,1,{label}", $"2,a,tcp,1,{label}"]);

        DataSet rows = DataLoader.Load(CsvFolder.Spec, path, null, null, default);
        TrainingException refused = Assert.Throws<TrainingException>(
            () => DataLoader.Load(CsvFolder.Spec with { Csv = new CsvSpec { Missing = [label] } }, path, null, null, default));

        Assert.Contains($"column 'verdict': '{label}' is taken as a class", Assert.Single(rows.Summary.Warnings!), StringComparison.Ordinal);
        Assert.Contains($"a.csv:6, column 'verdict': got '{label}', expected a label", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TextThatTrainingNeverSaw_IsCountedInTheCard()
    {
        string[] rows = [.. Enumerable.Range(0, 200).Select(i => $"{i % 37},a,{(i % 2 == 0 ? "tcp" : "udp")},{i % 11},{(i % 37 > 18 ? "good" : "bad")}")];
        string train = _folder.Write("a.csv", [CsvFolder.Header, .. rows]);
        string test = _folder.Write("b.csv", [CsvFolder.Header, .. rows.Select((row, i) => i % 4 == 0 ? row.Replace("tcp", "icmp", StringComparison.Ordinal) : row)]);
        ModelSpec spec = CsvFolder.Spec with
        {
            Parameters = new ModelParameters { Trees = 3, Depth = 3 },
            Gates = new Dictionary<string, GateBounds> { ["shared-rows"] = new() { Fail = 1 }, ["label-column"] = new() { Fail = 2 } },
        };

        TrainedModel model = TrainingPipeline.CreateDefault().Run(new TrainingJob(spec, 1, new DataOrigin.Files(train, test)));

        Assert.Equal(50, model.Card.Evaluation!.Columns!.Single(c => c.Name == "kind").Unseen);
    }

    private static string Text(string line) => string.Join('\n', [CsvFolder.Header, .. CsvFolder.Rows, line]) + "\n";
}
