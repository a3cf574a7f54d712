using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class SampleRulesTests
{
    private static readonly ModelSchema Schema = new([new("x", ColumnType.Number)], ["a", "b"]);

    [Theory]
    [InlineData("""{"dataset":"events","columns":["x","m"]}""", null)]
    [InlineData("""{"dataset":"Events","columns":["x"]}""", "$.samples.dataset")]
    [InlineData("""{"dataset":"events","columns":[]}""", "$.samples.columns")]
    [InlineData("""{"dataset":"events","columns":["x","x"]}""", "$.samples.columns[1]")]
    [InlineData("""{"dataset":"events","columns":["y"]}""", "$.samples.columns[0]")]
    [InlineData("""{"dataset":"events","columns":["private"]}""", "$.samples.columns[0]")]
    [InlineData("""{"dataset":"events","columns":[null]}""", "$.samples.columns[0]")]
    public void Samples_AreColumnsThatTheModelReads(string samples, string? path)
    {
        string json = """
            {"name":"a","task":"classification","algorithm":"random-forest","samples":SAMPLES,
            "columns":[{"name":"x","type":"number"},{"name":"m","type":"category"},{"name":"private","type":"ignore"},{"name":"y","type":"label"}]}
            """.Replace("SAMPLES", samples, StringComparison.Ordinal);

        if (path is null)
        {
            Assert.Equal("events", ModelSpecParser.Parse(json).Samples?.Dataset);
        }
        else
        {
            Assert.Equal(path, Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(json)).Problem.Path);
        }
    }

    [Fact]
    public void Read_ConsentOfAFile_IsThatOfTheSpec() =>
        Assert.Equal(["x"], SampleRules.Read("""{"dataset":"events","columns":["x"]}""", Schema)?.Columns);

    [Theory]
    [Trait("Attack", "samples-without-consent")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"dataset":"events"}""")]
    [InlineData("""{"dataset":"../events","columns":["x"]}""")]
    [InlineData("""{"dataset":"events","columns":["password"]}""")]
    [InlineData("""{"dataset":"events","columns":[null]}""")]
    [InlineData("""{"dataset":"events","columns":["x"],"more":true}""")]
    public void Read_ConsentThatIsNotUnderstood_LetsNothingBeSent(string? text) => Assert.Null(SampleRules.Read(text, Schema));
}
