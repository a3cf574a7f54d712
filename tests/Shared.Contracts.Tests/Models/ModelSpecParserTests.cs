using System.Text;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class ModelSpecParserTests
{
    private const string Good = """
        {
          "name": "intrusion-5",
          "task": "classification",
          "algorithm": "random-forest",
          "columns": [
            { "name": "bytes", "type": "number" },
            { "name": "proto", "type": "category" },
            { "name": "id", "type": "ignore" },
            { "name": "attack", "type": "label" }
          ],
          "label": { "groups": { "normal": ["ok", "fine"], "dos": ["smurf"] }, "benign": "normal" },
          "csv": { "header": false, "delimiter": ";" },
          "parameters": { "trees": 10, "columnShare": 0.5, "seed": 18446744073709551615 }
        }
        """;

    [Fact]
    public void Parse_EveryMember_IsRead()
    {
        ModelSpec spec = ModelSpecParser.Parse(Good);

        Assert.Equal("intrusion-5", spec.Name);
        Assert.Equal(ModelAlgorithm.RandomForest, spec.Algorithm);
        Assert.Equal(["bytes", "proto"], spec.Features.Select(f => f.Name));
        Assert.Equal(["ok", "fine"], spec.Label.Groups["normal"]);
        Assert.Equal("normal", spec.Label.Benign);
        Assert.Equal(new CsvSpec { Header = false, Delimiter = ";" }, spec.Csv);
        Assert.Equal(new ModelParameters { Trees = 10, FeatureFraction = 0.5, Seed = ulong.MaxValue }, spec.Parameters);
        Assert.Equal("managed", spec.Engine);
    }

    [Fact]
    public void Parse_OptionalMembersLeftOut_AreTheDefaults()
    {
        ModelSpec spec = ModelSpecParser.Parse(
            """
            {"name":"a","task":"classification","algorithm":"gradient-boosting","label":{},"csv":{},
             "columns":[{"name":"x","type":"number"},{"name":"y","type":"label"}]}
            """);

        Assert.Equal((true, ","), (spec.Csv.Header, spec.Csv.Delimiter));
        Assert.Equal(new ModelParameters(), spec.Parameters);
        Assert.Empty(spec.Label.Groups);
        Assert.Equal("managed", spec.Engine);
    }

    [Fact]
    public void Parse_TargetEncodingForADetector_IsRefusedWhileFrequencyIsRead()
    {
        string detector = """
            {"name":"a","task":"anomaly-detection","algorithm":"isolation-forest","columns":[{"name":"x","type":"category","encoding":"frequency"}]}
            """;

        Assert.Equal(CategoryEncoding.Frequency, ModelSpecParser.Parse(detector).Columns[0].Encoding);
        Assert.Equal("$.columns[0].encoding", Refused(detector.Replace("frequency", "target", StringComparison.Ordinal)).Problem.Path);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped() =>
        Assert.Equal("intrusion-5", ModelSpecParser.Parse([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)]).Name);

    [Theory]
    [InlineData("\"intrusion-5\"", "\"Intrusion\"", "$.name", 2, 11)]
    [InlineData("\"bytes\"", "\"by\\u202etes\"", "$.columns[0].name", 6, 15)]
    [InlineData("\"intrusion-5\"", "\"-a\"", "$.name", 2, 11)]
    [InlineData("\"intrusion-5\"", "\"a\\n\"", "$.name", 2, 11)]
    [InlineData("\"intrusion-5\"", "\"\"", "$.name", 2, 11)]
    [InlineData("\"name\": \"proto\"", "\"name\": \"bytes\"", "$.columns[1].name", 7, 15)]
    [InlineData("\"name\": \"proto\"", "\"name\": \"label\"", "$.columns[1].name", 7, 15)]
    [InlineData("\"name\": \"proto\"", "\"name\": \"\"", "$.columns[1].name", 7, 15)]
    [InlineData("\"type\": \"ignore\"", "\"type\": \"ignore\", \"required\": true", "$.columns[2].required", 8, 51)]
    [InlineData("\"type\": \"number\"", "\"type\": \"number\", \"encoding\": \"target\"", "$.columns[0].encoding", 6, 54)]
    [InlineData("\"type\": \"ignore\"", "\"type\": \"label\"", "$.columns", 5, 14)]
    [InlineData("\"type\": \"label\"", "\"type\": \"ignore\"", "$.columns", 5, 14)]
    [InlineData("{ \"name\": \"id\", \"type\": \"ignore\" }", "null", "$.columns[2]", 8, 5)]
    [InlineData("[\"smurf\"]", "[\"smurf\", \"ok\"]", "$.label.groups.dos[1]", 11, 69)]
    [InlineData("[\"smurf\"]", "[\"\"]", "$.label.groups.dos[0]", 11, 60)]
    [InlineData("[\"smurf\"]", "[null]", "$.label.groups.dos[0]", 11, 60)]
    [InlineData("[\"smurf\"]", "[]", "$.label.groups.dos", 11, 59)]
    [InlineData(", \"dos\": [\"smurf\"]", "", "$.label.groups", 11, 24)]
    [InlineData("\"benign\": \"normal\"", "\"benign\": \"harmless\"", "$.label.benign", 11, 82)]
    [InlineData("\";\"", "\";;\"", "$.csv.delimiter", 12, 42)]
    [InlineData("\";\"", "\"\\\"\"", "$.csv.delimiter", 12, 42)]
    [InlineData("\";\"", "\"\u00fc\"", "$.csv.delimiter", 12, 42)]
    [InlineData("10,", "0,", "$.parameters.trees", 13, 28)]
    [InlineData("10,", "10001,", "$.parameters.trees", 13, 28)]
    [InlineData("0.5", "0", "$.parameters.columnShare", 13, 47)]
    [InlineData("0.5", "1.01", "$.parameters.columnShare", 13, 47)]
    [InlineData("\"classification\"", "\"anomaly-detection\"", "$.algorithm", 4, 16)]
    [InlineData("\"trees\": 10", "\"rowShare\": 0", "$.parameters.rowShare", 13, 31)]
    [InlineData("\"trees\": 10", "\"watchedShare\": 0.6", "$.parameters.watchedShare", 13, 35)]
    [InlineData("\"trees\": 10", "\"samplesPerTree\": 1", "$.parameters.samplesPerTree", 13, 37)]
    [InlineData("\"trees\": 10", "\"contamination\": 0.51", "$.parameters.contamination", 13, 36)]
    [InlineData("\"trees\": 10", "\"monotone\": { \"proto\": 1 }", "$.parameters.monotone.proto", 13, 42)]
    [InlineData("\"trees\": 10", "\"monotone\": { \"bytes\": 2 }", "$.parameters.monotone.bytes", 13, 42)]
    [InlineData("\"csv\"", "\"weights\": { \"age\": {} }, \"csv\"", "$.weights.age", 12, 23)]
    [InlineData("\"csv\"", "\"weights\": { \"classes\": { \"dos\": 0 } }, \"csv\"", "$.weights.classes.dos", 12, 36)]
    [InlineData("\"csv\"", "\"weights\": { \"balanced\": true, \"classes\": { \"dos\": 2 } }, \"csv\"", "$.weights.classes", 12, 45)]
    public void Parse_BrokenRule_NamesTheValueAndItsPlace(string good, string bad, string path, int line, int column)
    {
        ModelSpecException e = Refused(Good.Replace(good, bad, StringComparison.Ordinal));

        Assert.Equal((path, line, column), (e.Problem.Path, e.Line, e.Column));
    }

    [Theory]
    [InlineData("\"trees\": 10", "\"trees\": \"10\"", "$.parameters.trees", 13)]
    [InlineData("\"trees\": 10", "\"trees\": 1.5", "$.parameters.trees", 13)]
    [InlineData("\"trees\": 10", "\"trees\": 99999999999", "$.parameters.trees", 13)]
    [InlineData("\"type\": \"category\"", "\"type\": 1", "$.columns[1].type", 7)]
    [InlineData("\"type\": \"category\"", "\"type\": \"category\", \"required\": \"yes\"", "$.columns[1].required", 7)]
    [InlineData("\"type\": \"category\"", "\"type\": \"category\", \"encoding\": \"one-hot\"", "$.columns[1].encoding", 7)]
    [InlineData("\"type\": \"category\"", "\"type\": \"text\"", "$.columns[1].type", 7)]
    [InlineData("\"header\": false", "\"header\": \"no\"", "$.csv.header", 12)]
    [InlineData("\"classification\"", "\"clustering\"", "$.task", 3)]
    public void Parse_WrongType_NamesTheValueAndItsLine(string good, string bad, string path, int line)
    {
        ModelSpecException e = Refused(Good.Replace(good, bad, StringComparison.Ordinal));

        Assert.Equal((path, line), (e.Problem.Path, e.Line));
    }

    [Theory]
    [InlineData("\"seed\"", "\"sed\"", 13)]
    [InlineData("\"csv\"", "\"Csv\"", 12)]
    [InlineData("\"task\"", "\"name\"", 3)]
    [InlineData("\"dos\"", "\"normal\"", 11)]
    [InlineData("\"name\": \"bytes\", ", "", 6)]
    [InlineData("\"type\": \"number\" },", "\"type\": \"number\" }", 7)]
    [InlineData("false", "null", 12)]
    [InlineData("\"csv\": {", "\"csv\": null, \"x\": {", 12)]
    public void Parse_UnknownRepeatedMissingOrMalformed_NamesTheLine(string good, string bad, int line) =>
        Assert.Equal(line, Refused(Good.Replace(good, bad, StringComparison.Ordinal)).Line);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("\u0001")]
    public void Parse_NoSpecAtAll_IsRefused(string json) => Assert.StartsWith("$", Refused(json).Problem.Path, StringComparison.Ordinal);

    [Fact]
    public void Parse_BytesThatAreNoText_IsRefused() =>
        Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}']));

    [Fact]
    public void Parse_TooLong_IsRefused() =>
        Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(new byte[ModelSpecParser.MaxBytes + 1]));

    [Fact]
    public void Parse_AnyPrefix_IsRefusedByTheOneException()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(Good);
        for (int length = 0; length < utf8.Length - 1; length++)
        {
            int taken = length;
            Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(utf8.AsSpan(0, taken)));
        }
    }

    [Fact]
    public void FirstProblem_NameWithLineEnd_IsRefused() =>
        Assert.Equal("$.name", ModelSpecRules.FirstProblem(ModelSpecParser.Parse(Good) with { Name = "a\n" })?.Path);

    private static ModelSpecException Refused(string json) => Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(json));
}
