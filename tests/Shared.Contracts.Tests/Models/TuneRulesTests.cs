using System.Text;
using Shared.Contracts.Models;

namespace Shared.Contracts.Tests.Models;

public sealed class TuneRulesTests
{
    [Theory]
    [InlineData("""{"minutes": 0.5}""", 0.5, null)]
    [InlineData("""{"candidates": 20}""", null, 20)]
    [InlineData("""{"minutes": 10, "candidates": 1}""", 10.0, 1)]
    public void Parse_Tune_IsRead(string tune, double? minutes, int? candidates) =>
        Assert.Equal(new TuneSpec { Minutes = minutes, Candidates = candidates }, Parse(tune, "gradient-boosting").Tune);

    [Theory]
    [InlineData("""{}""", "random-forest", "$.tune")]
    [InlineData("""{"minutes": 0}""", "random-forest", "$.tune.minutes")]
    [InlineData("""{"minutes": -1}""", "random-forest", "$.tune.minutes")]
    [InlineData("""{"minutes": 1e300}""", "random-forest", "$.tune.minutes")]
    [InlineData("""{"candidates": 0}""", "random-forest", "$.tune.candidates")]
    [InlineData("""{"candidates": 1001}""", "random-forest", "$.tune.candidates")]
    [InlineData("""{"candidates": 3}""", "imported", "$.tune")]
    public void Parse_TuneThatBreaksARule_IsRefusedAtItsPath(string tune, string algorithm, string path) =>
        Assert.Equal(path, Assert.Throws<ModelSpecException>(() => Parse(tune, algorithm)).Problem.Path);

    [Theory]
    [InlineData("""{"minutes": "many"}""")]
    [InlineData("""{"candidates": 1.5}""")]
    [InlineData("""{"hours": 1}""")]
    public void Parse_TuneOfAnotherForm_IsRefused(string tune) => Assert.Throws<ModelSpecException>(() => Parse(tune, "random-forest"));

    [Fact]
    public void DigestText_SpecWithoutTune_DoesNotMentionIt() => Assert.DoesNotContain(
        "tune", Encoding.UTF8.GetString(SpecDigestText.Write(Parse("""{"candidates": 3}""", "random-forest") with { Tune = null })),
        StringComparison.Ordinal);

    private static ModelSpec Parse(string tune, string algorithm) => ModelSpecParser.Parse(
        $$"""
        {"name":"a","task":"classification","algorithm":"{{algorithm}}","tune":{{tune}},
         "columns":[{"name":"x","type":"number"},{"name":"y","type":"label"}]}
        """);
}
