using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class GateRulesTests
{
    [Fact]
    public void Parse_BoundsOfGates_AreRead()
    {
        ModelSpec spec = ModelSpecParser.Parse(Spec("""{"slices":{"columns":["x"],"fail":0.1},"file-size":{"warn":0}}"""));

        Assert.Equal((0.1, null), (spec.Gates!["slices"].Fail, spec.Gates["slices"].Warn));
        Assert.Equal(["x"], spec.Gates["slices"].Columns);
        Assert.Equal(0, spec.Gates["file-size"].Warn);
    }

    [Theory]
    [InlineData("""{"slices":null}""", "$.gates.slices")]
    [InlineData("""{"slices":{"fail":-1}}""", "$.gates.slices.fail")]
    [InlineData("""{"slices":{"warn":-0.5}}""", "$.gates.slices.warn")]
    [InlineData("""{"slices":{"fail":"much"}}""", "$.gates.slices.fail")]
    [InlineData("""{"slices":{"columns":["nothing"]}}""", "$.gates.slices.columns")]
    [InlineData("""{"slices":{"columns":["y"]}}""", "$.gates.slices.columns")]
    [InlineData("""{"slices":{"max":1}}""", "$.gates.slices.max")]
    [InlineData("7", "$.gates")]
    public void Parse_GateThatIsNotInForm_NamesThePlace(string gates, string path) =>
        Assert.Equal(path, Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Spec(gates))).Problem.Path);

    [Theory]
    [InlineData("regression", "\"label\":{\"mergeSpellings\":true},")]
    [InlineData("classification", "\"label\":{\"mergeSpellings\":true,\"groups\":{\"a\":[\"b\"],\"c\":[\"d\"]}},")]
    public void Parse_MergeSpellingsWhereThereAreNone_IsRefused(string task, string label) =>
        Assert.Equal(
            "$.label.mergeSpellings",
            Assert.Throws<ModelSpecException>(() => ModelSpecParser.Parse(Spec("{}", task, label))).Problem.Path);

    [Fact]
    public void SpecDigestText_NoGatesAndNoMergedSpellings_HasTheBytesOfEarlierVersions()
    {
        string text = System.Text.Encoding.UTF8.GetString(SpecDigestText.Write(ModelSpecParser.Parse(Spec(null))));

        Assert.DoesNotContain("gates", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mergeSpellings", text, StringComparison.Ordinal);
    }

    private static string Spec(string? gates, string task = "classification", string label = "") =>
        $$"""
        {"name":"a","task":"{{task}}","algorithm":"gradient-boosting",{{label}}{{(gates is null ? "" : $"\"gates\":{gates},")}}
         "columns":[{"name":"x","type":"number"},{"name":"y","type":"label"}]}
        """;
}
